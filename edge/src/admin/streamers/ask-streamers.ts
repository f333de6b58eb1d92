import { log } from "@tributary/shared/log/log"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type * as z from "zod"
import type { Edge } from "../../edge.ts"
import type { Streamer } from "../../fleet/streamer-records.ts"

const logger = log("edge", "admin")

// People wait for it, and again some seconds later.
const timeoutByDefault = 2_000

/** What each of several streamers is asked. */
export interface Question {
  /** Path and query at the internal address; it may differ from streamer to streamer. */
  path: string | ((streamer: string) => string)
  method?: "GET" | "POST" | "DELETE"
  /** Sent as JSON. */
  body?: unknown
  /** For each of them; all are asked at once. */
  timeoutMilliseconds?: number
}

/** A streamer's answer, whatever it says. */
export interface StreamerAnswer {
  streamer: string
  status: number
  /** JSON. */
  body: unknown
}

export interface StreamerAnswers {
  heard: StreamerAnswer[]
  /** Ids of those that gave no answer in time, or none that is JSON. */
  unanswered: string[]
}

/** Asks streamers all at once, as the edge alone may. */
export async function askStreamers(
  edge: Edge,
  streamers: readonly Streamer[],
  question: Question,
): Promise<StreamerAnswers> {
  const authorization = await tierAuthorization(edge.keys, "streamer-internal", Date.now() / 1000)
  const answers = await Promise.all(streamers.map((streamer) => ask(streamer, question, authorization)))
  return {
    heard: answers.filter((answer) => answer !== null),
    unanswered: streamers.flatMap(([id], at) => (answers[at] === null ? [id] : [])),
  }
}

/** What each streamer says, when it says what this schema has; all others are unanswered. */
export async function readStreamers<Schema extends z.ZodType>(
  edge: Edge,
  streamers: readonly Streamer[],
  question: Question,
  schema: Schema,
): Promise<{ said: { streamer: string; answer: z.output<Schema> }[]; unanswered: string[] }> {
  const { heard, unanswered } = await askStreamers(edge, streamers, question)
  const said: { streamer: string; answer: z.output<Schema> }[] = []
  for (const { streamer, status, body } of heard) {
    const parsed = schema.safeParse(body)
    if (status === 200 && parsed.success) said.push({ streamer, answer: parsed.data })
    else {
      logger.warn("a streamer gave no answer that can be read", { streamer, status })
      unanswered.push(streamer)
    }
  }
  return { said, unanswered }
}

async function ask(
  [streamer, { internalAddress }]: Streamer,
  { path, method = "GET", body, timeoutMilliseconds = timeoutByDefault }: Question,
  authorization: string,
): Promise<StreamerAnswer | null> {
  const signal = AbortSignal.timeout(timeoutMilliseconds)
  const address = `${internalAddress}${typeof path === "string" ? path : path(streamer)}`
  try {
    const response = await fetch(address, {
      ...{ method, headers: { authorization }, signal },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { streamer, status: response.status, body: await response.json() }
  } catch {
    logger.warn("a streamer did not answer", { streamer, late: signal.aborted })
    return null
  }
}
