import { env } from "cloudflare:workers"
import { sourceSchema, viewerSchema } from "@tributary/shared/config/config-file"
import type { settingsSchema } from "@tributary/shared/config/settings"
import { beat } from "@tributary/shared/lease/beat"
import { bindScripts } from "@tributary/shared/lease/scripts"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { replaceSettings, saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { Redis } from "@upstash/redis/cloudflare"
import type * as z from "zod"
import { scriptSources } from "../admission/script-sources.ts"

/** The real store, past the fault proxy: what the edge reads is written and looked at here. */
export const redis = new Redis({
  url: env.GATEWAY_URL,
  token: env.UPSTASH_REDIS_REST_TOKEN,
  automaticDeserialization: false,
  enableTelemetry: false,
})
export const run = bindScripts(redis, scriptSources)
export const secretKeys = await deriveKeys(env.TRIBUTARY_SECRET)

/** Registers a streamer by its heartbeat, as streamers do. */
export async function registerStreamer(
  streamer: string,
  record: Partial<Omit<StreamerRecord, "at">> = {},
): Promise<void> {
  await beat(run, {
    streamer,
    record: {
      address: `https://${streamer}.streamers.example`,
      internalAddress: `${env.CONTROL_URL}/streamer/${streamer}`,
      region: "EU",
      viewers: 0,
      maxViewers: null,
      streams: 0,
      draining: false,
      version: "1",
      ...record,
    },
    epoch: "",
    newEpoch: "epoch",
    leases: [],
    relays: [],
    sessions: [],
  })
}

export function addViewers(...viewers: z.input<typeof viewerSchema>[]): Promise<void> {
  const parsed = viewers.map((viewer) => viewerSchema.parse(viewer))
  return saveViewers(redis, secretKeys, parsed, "file", { replace: false })
}

export function addSources(...sources: z.input<typeof sourceSchema>[]): Promise<void> {
  const parsed = sources.map((source) => sourceSchema.parse(source))
  return saveSources(redis, secretKeys, parsed, "file", { replace: false })
}

export function setSettings(settings: Partial<z.input<typeof settingsSchema>>): Promise<void> {
  return replaceSettings(redis, settings)
}

/** Every key with its value, to show that a request changed nothing. */
export async function storeContents(): Promise<Record<string, string>> {
  const script = `local dump = {}
    for _, key in ipairs(redis.call('KEYS', '*')) do dump[#dump + 1] = key; dump[#dump + 1] = redis.sha1hex(redis.call('DUMP', key)) end
    return dump`
  const list = await redis.eval<[], string[]>(script, [], [])
  return Object.fromEntries(list.flatMap((key, at) => (at % 2 === 0 ? [[key, list[at + 1] ?? ""]] : [])))
}

/** What the edge may find of the store: served, connections cut, or taken and never answered. */
export async function setStore(mode: "pass" | "refuse" | "hang"): Promise<void> {
  const answer = await fetch(`${env.CONTROL_URL}/store/${mode}`, { method: "POST" })
  await answer.body?.cancel()
}

export interface StreamerCall {
  method: string
  path: string
  authorization: string | null
}

/** The calls that streamers got at their internal addresses since `forgetCalls`. */
export async function streamerCalls(): Promise<StreamerCall[]> {
  return (await fetch(`${env.CONTROL_URL}/calls`)).json()
}

/** What streamers answer when they are asked for a title's details from now on; null: that there are none. */
export async function setDetails(details: unknown): Promise<void> {
  const body = details === null ? "" : JSON.stringify(details)
  const answer = await fetch(`${env.CONTROL_URL}/details`, { method: "PUT", body })
  await answer.body?.cancel()
}

export async function forgetCalls(): Promise<void> {
  const answer = await fetch(`${env.CONTROL_URL}/calls`, { method: "DELETE" })
  await answer.body?.cancel()
}

/** HTTP requests that the gateway has served so far: the store's round trips. */
export async function storeRoundTrips(): Promise<number> {
  const answer = await fetch(`${env.GATEWAY_URL}/stats`, {
    headers: { authorization: `Bearer ${env.UPSTASH_REDIS_REST_TOKEN}` },
  })
  return (await answer.json<{ requests: number }>()).requests
}
