import { createExecutionContext, reset } from "cloudflare:test"
import { env, exports } from "cloudflare:workers"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type { Pointer } from "@tributary/shared/snapshot/manifest"
import { app } from "../app.ts"
import { edgeOf } from "../edge.ts"
import { type TestChannel, type TestSnapshot, uploadSnapshot } from "./catalogue.ts"
import { redis, secretKeys, setStore } from "./store.ts"

/** A request to the Worker under test; redirects are answers. */
export function ask(path: string, init: RequestInit<CfProperties> = {}): Promise<Response> {
  return askAt(env.BASE_URL, path, init)
}

/** As `ask`, by another address than the base of generated links. */
export function askAt(base: string, path: string, init: RequestInit<CfProperties> = {}): Promise<Response> {
  return exports.default.fetch(`${base}${path}`, { redirect: "manual", ...init })
}

/** As `ask`, without the HTTP layer that would unpack the body: the very bytes that are sent. */
export async function askForBytes(path: string, init: RequestInit<CfProperties> = {}): Promise<Response> {
  const context = createExecutionContext()
  const request = new Request<unknown, CfProperties>(`${env.BASE_URL}${path}`, init)
  return app.fetch(request, env, context)
}

/** A request as a streamer makes it. */
export async function askAsStreamer(path: string, init: RequestInit = {}): Promise<Response> {
  const authorization = await tierAuthorization(secretKeys, "edge-internal", Date.now() / 1000)
  return ask(path, { ...init, headers: { authorization, ...init.headers } })
}

export async function publish(pointer: Pointer): Promise<void> {
  const answer = await askAsStreamer("/internal/publish", { method: "POST", body: JSON.stringify(pointer) })
  if (answer.status !== 204) throw new Error(`publish answered ${answer.status} ${await answer.text()}`)
}

/** Uploads and publishes a snapshot of these channels. */
export async function publishChannels(
  snapshot: string,
  channels: readonly TestChannel[],
  options: TestSnapshot = {},
): Promise<Pointer> {
  const pointer = await uploadSnapshot(snapshot, channels, options)
  await publish(pointer)
  return pointer
}

/** An empty store that is there, an empty bucket, and no memory of a snapshot. */
export async function startAfresh(): Promise<void> {
  await setStore("pass")
  await redis.flushdb()
  await reset()
  const { snapshots } = await edgeOf(env)
  snapshots.forget()
}

/** The code of an error answer. */
export async function errorCode(response: Response): Promise<string> {
  return (await response.json<{ error: { code: string } }>()).error.code
}

export const basic = (username: string, password: string) => {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` }
}
