import { env } from "cloudflare:workers"
import { askAsAdmin } from "../admin-fixture.ts"

/** What a streamer answers to a call of its internal address from now on, until `forgetCalls`; null: never. */
export async function setAnswer(streamer: string, call: string, body: unknown, status = 200): Promise<void> {
  const [method = "GET", path = ""] = call.split(" ")
  const url = `${env.CONTROL_URL}/streamer/${streamer}/internal${path}?method=${method}&status=${status}`
  const answer = await fetch(url, { method: "PUT", body: body === null ? "" : JSON.stringify(body) })
  await answer.body?.cancel()
}

/** Asks the admin API; fails when the answer holds an internal address. */
export async function askJson<Body>(
  path: string,
  method = "GET",
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await askAsAdmin(path, method, body)
  const text = await response.text()
  if (text.includes(env.CONTROL_URL)) throw new Error(`${path} shows an internal address: ${text}`)
  return { status: response.status, body: JSON.parse(text) as Body }
}

/** The body of a refusal. */
export interface Refusal {
  error: { code: string; message: string }
}
