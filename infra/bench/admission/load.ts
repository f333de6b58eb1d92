import { Client } from "undici"

/** Answers of the edge, asked as fast as so many players at once can. */
export interface Load {
  milliseconds: number[]
  perSecond: number
  /** Those that answered as wanted. */
  answered: number
  /** Other answers, and requests without one. */
  others: number
  /** Where the answers redirect to. */
  locations: string[]
}

export interface LoadOptions {
  concurrency: number
  /** The load ends then, or after so many requests. */
  seconds: number
  requests?: number
  path: (number: number) => string
  status: number
  headers?: Record<string, string>
}

const answerMilliseconds = 5_000

/** Keeps so many connections busy, each with one request at a time. */
export async function load(edge: string, options: LoadOptions): Promise<Load> {
  const { concurrency, seconds, requests = Number.POSITIVE_INFINITY, path, status, headers = {} } = options
  const milliseconds: number[] = []
  const locations: string[] = []
  let [sent, others] = [0, 0]
  const from = performance.now()
  const end = from + seconds * 1000
  const client = async () => {
    const connection = new Client(edge, {
      headersTimeout: answerMilliseconds,
      bodyTimeout: answerMilliseconds,
    })
    try {
      while (performance.now() < end && sent < requests) {
        const asked = performance.now()
        const answer = await ask(connection, path(sent++), headers)
        const took = performance.now() - asked
        if (answer?.status !== status) others++
        else {
          milliseconds.push(took)
          if (answer.location !== null) locations.push(answer.location)
        }
      }
    } finally {
      await connection.destroy()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, client))
  const perSecond = milliseconds.length / ((performance.now() - from) / 1000)
  return { milliseconds, perSecond, answered: milliseconds.length, others, locations }
}

/** Null when there is no answer. */
async function ask(
  connection: Client,
  path: string,
  sent: Record<string, string>,
): Promise<{ status: number; location: string | null } | null> {
  try {
    const { statusCode, headers, body } = await connection.request({ path, method: "GET", headers: sent })
    await body.dump()
    return { status: statusCode, location: headers.location?.toString() ?? null }
  } catch {
    return null
  }
}

/** The leases that the tickets of redirects name: one for all who join, another one for each channel that opens. */
export function leasesIn(locations: readonly string[]): Set<string> {
  return new Set(
    locations.map((location) => {
      const claims = /\/live\/[^./]+\.([^./]+)\.[^./]+\.ts$/.exec(location)?.[1]
      if (claims === undefined) throw new Error("a redirect without a ticket")
      return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { lease: string }).lease
    }),
  )
}
