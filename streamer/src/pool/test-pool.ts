import { afterAll, afterEach, beforeAll } from "vitest"
import type { Player } from "../../../infra/e2e/player/play.ts"
import { playsOn as laterPlaysOn, unbroken as neverBroken } from "../../../infra/e2e/player/unbroken.ts"
import { startWorld, ticketOf, until, type World } from "./pool-fixture.ts"
import { startStreamer, type TestStreamer } from "./streamer-fixture.ts"

/** What the tests of a file share, from their start on. */
export let world: World
export const players: Player[] = []
const streamers: TestStreamer[] = []

/** Starts the world for all tests of a file, and ends what each of them began. */
export function useWorld(): void {
  beforeAll(async () => {
    world = await startWorld()
  })
  afterEach(async () => {
    for (const player of players.splice(0)) await player.close()
    for (const streamer of streamers.splice(0)) await streamer.close()
  })
  afterAll(() => world.close())
}

type Settings = Parameters<World["reset"]>[0]

/** A fresh installation with one streamer. */
export async function fresh(
  settings: Settings = {},
  maxStreams = 1,
  profiles: Parameters<World["reset"]>[2] = [],
): Promise<TestStreamer> {
  await world.reset(settings, maxStreams, profiles)
  return another()
}
export async function another(region = "", now?: () => number): Promise<TestStreamer> {
  return running(await startStreamer(world, region, undefined, now))
}
/** Closes it when the test ends. */
export function running(streamer: TestStreamer): TestStreamer {
  streamers.push(streamer)
  return streamer
}
export const admitted = async (channel: number, viewer: string | null = null, region = "") =>
  ticketOf(await world.admit(channel, viewer, region), channel)
export async function watch(
  streamer: TestStreamer,
  ticket: Awaited<ReturnType<typeof admitted>>,
): Promise<Player> {
  const player = await streamer.play(ticket)
  players.push(player)
  return player
}
export const plays = (player: Player) =>
  player.waitFor((report) => report.packets > 20 && report.keyframes > 0, 6_000)
export const slotsFree = () =>
  until("the slot is free", async () => (await world.leases()) === 0 && world.active() === 0)
export const unbroken = { ...neverBroken, malformedPes: 0 }
/** Waits for so much more media. */
export const playsOn = (player: Player, seconds = 1.5, patience = 12_000) =>
  laterPlaysOn(player, seconds, patience)
