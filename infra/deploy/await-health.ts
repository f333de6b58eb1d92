/** How the deployment ended: what `GET /health` says, or why it says nothing. */
export type Health =
  | { kind: "ok"; channels: number | null }
  | { kind: "failing"; parts: string[] }
  | { kind: "silent"; reason: string }

export interface HealthOptions {
  baseUrl: string
  fetch: typeof fetch
  /** Milliseconds of a clock that only goes forward. */
  now: () => number
  wait: (milliseconds: number) => Promise<unknown>
  deadlineMilliseconds: number
}

const pauseMilliseconds = 2_000
const answerMilliseconds = 10_000

/**
 * Asks until all is well or the deadline has come: a new domain gets its DNS record and certificate within minutes, and
 * until then nothing answers. Gives the last answer.
 */
export async function awaitHealth(options: HealthOptions): Promise<Health> {
  const until = options.now() + options.deadlineMilliseconds
  for (;;) {
    const health = await askHealth(options)
    // Nothing but a deployment of streamers changes that there are none.
    if (health.kind === "ok" || isWithoutStreamers(health) || options.now() >= until) return health
    await options.wait(pauseMilliseconds)
  }
}

/** Whether the edge itself is well, and only has nobody to send players to. */
export function isWithoutStreamers(health: Health): boolean {
  return health.kind === "failing" && health.parts.length === 1 && health.parts[0] === "streamers"
}

async function askHealth({ baseUrl, fetch }: HealthOptions): Promise<Health> {
  try {
    const response = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(answerMilliseconds) })
    const text = await response.text()
    const read = readHealth(text)
    return read ?? { kind: "silent", reason: `it answers ${response.status}, and not as Tributary does` }
  } catch (error) {
    const { cause, message } = error as Error
    return { kind: "silent", reason: cause instanceof Error ? cause.message : message }
  }
}

function readHealth(text: string): Health | null {
  try {
    const { status, failing, channels } = JSON.parse(text) as {
      status?: string
      failing?: string[]
      channels?: number | null
    }
    if (status === "ok") return { kind: "ok", channels: channels ?? null }
    return Array.isArray(failing) ? { kind: "failing", parts: failing } : null
  } catch {
    return null
  }
}
