import { z } from "zod"
import { eventually } from "../system/eventually.ts"
import type { KodiRemote } from "./kodi-remote.ts"

export interface KodiChannel {
  id: number
  name: string
}

const questionWindow = 10_100
const patienceMilliseconds = 10_000
const channelsSchema = z.object({ channels: z.array(z.object({ channelid: z.number(), label: z.string() })) })
const recordingsSchema = z.object({ recordings: z.array(z.object({ label: z.string() })) })
const limitsSchema = z.object({ limits: z.object({ total: z.number() }) })
const windowSchema = z.object({ currentwindow: z.object({ id: z.number() }), fullscreen: z.boolean() })
const labels = [
  "VideoPlayer.ChannelName",
  "VideoPlayer.Title",
  "Player.Time",
  "Player.Process(videowidth)",
] as const
const labelsSchema = z.record(z.enum(labels), z.string())

/** What a person in front of a Kodi does and sees. */
export class KodiScreen {
  readonly #remote: KodiRemote

  constructor(remote: KodiRemote) {
    this.#remote = remote
  }

  /** What a distribution installs is off until someone says so. */
  async enable(addonid: string): Promise<void> {
    await this.#remote.call("Addons.SetAddonEnabled", { addonid, enabled: true }, z.literal("OK"))
  }

  /** Of television or radio; none before the client has loaded its playlist. */
  async channels(channelgroupid: "alltv" | "allradio" = "alltv"): Promise<KodiChannel[]> {
    const params = { channelgroupid }
    const answer = await this.#remote.call("PVR.GetChannels", params, channelsSchema).catch(() => null)
    return (answer?.channels ?? []).map(({ channelid, label }) => ({ id: channelid, name: label }))
  }

  /** Names; films of the playlist are among them. */
  async recordings(): Promise<string[]> {
    const answer = await this.#remote.call("PVR.GetRecordings", {}, recordingsSchema).catch(() => null)
    return (answer?.recordings ?? []).map(({ label }) => label)
  }

  /** How many the guide has for a channel. */
  async programmes({ id }: KodiChannel): Promise<number> {
    const params = { channelid: id, limits: { start: 0, end: 1 } }
    return (await this.#remote.call("PVR.GetBroadcasts", params, limitsSchema)).limits.total
  }

  async play({ id }: KodiChannel): Promise<void> {
    await this.#remote.call("Player.Open", { item: { channelid: id } }, z.literal("OK"))
  }

  /**
   * `seconds` is how long the channel has been played; `isWhole`: its picture fills the screen and nothing is before
   * it. The questions of a first start, which come one by one and at any time, are answered with no.
   */
  async look() {
    const seen = await this.#remote.call("XBMC.GetInfoLabels", { labels }, labelsSchema)
    const [minutes = 0, seconds = 0] = (seen["Player.Time"] ?? "").split(":").map(Number)
    return {
      channel: seen["VideoPlayer.ChannelName"] ?? "",
      programme: seen["VideoPlayer.Title"] ?? "",
      seconds: minutes * 60 + seconds,
      width: seen["Player.Process(videowidth)"] ?? "",
      isWhole: await this.#isWhole(),
    }
  }

  /** Has it say over the picture what plays, until it is asked to again. */
  async showInfo(): Promise<void> {
    await this.#remote.call("Input.Info", {}, z.literal("OK"))
    const label = "Player.ShowInfo"
    await eventually(
      () =>
        this.#remote.call("XBMC.GetInfoBooleans", { booleans: [label] }, z.record(z.string(), z.boolean())),
      (seen) => seen[label] === true,
      patienceMilliseconds,
    )
  }

  /** Stops what plays, and ends Kodi. */
  async quit(): Promise<void> {
    await this.#remote.call("Application.Quit", {}, z.literal("OK"))
  }

  async #isWhole(): Promise<boolean> {
    const params = { properties: ["currentwindow", "fullscreen"] }
    const { currentwindow, fullscreen } = await this.#remote.call("GUI.GetProperties", params, windowSchema)
    const isAsked = currentwindow.id === questionWindow
    if (isAsked) await this.#remote.call("Input.Back", {}, z.unknown())
    return fullscreen && !isAsked
  }
}
