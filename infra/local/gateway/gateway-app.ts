import type { HttpBindings } from "@hono/node-server"
import { type Context, Hono } from "hono"
import { type ParsedCommand, parseCommand } from "./parse-command.ts"
import { parsePathCommand } from "./path-command.ts"
import { readBody } from "./read-body.ts"
import type { RedisCommand } from "./redis-command.ts"
import type { RedisLink, RedisOutcome } from "./redis-link.ts"
import { errorJson, type RedisReply, type ReplyEncoding, replyJson } from "./redis-reply.ts"
import { tokenCheck } from "./token-check.ts"
import type { TrafficCount } from "./traffic-count.ts"

export type GatewayAppOptions = {
  token: string
  maxBodyBytes: number
  link: RedisLink
  traffic: TrafficCount
}

type Gateway = Context<{ Bindings: HttpBindings }>

const HEADERS = { "content-type": "application/json" }

/** The route table of Upstash's REST API, as far as its client uses it. */
export function gatewayApp({ token, maxBodyBytes, link, traffic }: GatewayAppOptions) {
  const isAuthorized = tokenCheck(token)
  const app = new Hono<{ Bindings: HttpBindings }>()

  app.use(async (c, next) => {
    if (!isAuthorized(c.env.incoming)) return failure(401, "WRONGPASS invalid or missing auth token")
    await next()
  })
  app.get("/stats", () => answer(200, JSON.stringify(traffic.read())))
  app.post("/stats/reset", () => {
    traffic.reset()
    return answer(200, '{"result":"OK"}')
  })

  const runOne = async (c: Gateway, parsed: ParsedCommand) => {
    if (parsed.kind === "refused") return failure(400, parsed.error)
    traffic.addCommand(parsed.command.name)
    return singleAnswer(await link.run([parsed.command]), encodingOf(c))
  }
  const withJson = async (c: Gateway, use: (json: unknown) => Promise<Response>) => {
    traffic.addRequest()
    const read = await readBody(c.env.incoming, maxBodyBytes)
    if (read.kind !== "body") return bodyFailure(read.kind, maxBodyBytes)
    let json: unknown
    try {
      json = JSON.parse(read.body.toString())
    } catch {
      return failure(400, "ERR failed to parse the request body: it is not JSON")
    }
    return use(json)
  }

  app.post("/", (c) => withJson(c, (json) => runOne(c, parseCommand(json))))
  app.post("/pipeline", (c) =>
    withJson(c, async (json) => {
      if (!Array.isArray(json) || json.length === 0) return failure(400, "ERR empty pipeline request")
      const parsed = json.map(parseCommand)
      const commands = acceptedOf(parsed)
      for (const { name } of commands) traffic.addCommand(name)
      const outcome = commands.length === 0 ? NOTHING_SENT : await link.run(commands)
      return pipelineAnswer(parsed, outcome, encodingOf(c))
    }),
  )
  app.post("/multi-exec", (c) =>
    withJson(c, async (json) => {
      if (!Array.isArray(json) || json.length === 0) return failure(400, "ERR empty multi-exec request")
      const parsed = json.map(parseCommand)
      for (const each of parsed) if (each.kind === "refused") return failure(400, each.error)
      const commands = acceptedOf(parsed)
      for (const { name } of commands) traffic.addCommand(name)
      return pipelineAnswer(parsed, await link.transact(commands), encodingOf(c))
    }),
  )
  app.on(["GET", "POST", "PUT"], "/*", async (c) => {
    traffic.addRequest()
    const { incoming } = c.env
    if (c.req.method === "GET") return runOne(c, parsePathCommand(incoming.url ?? "/", null))
    const read = await readBody(incoming, maxBodyBytes)
    if (read.kind !== "body") return bodyFailure(read.kind, maxBodyBytes)
    return runOne(c, parsePathCommand(incoming.url ?? "/", read.body))
  })
  app.all("/*", () => failure(405, "ERR method not allowed"))
  app.onError((error) => failure(500, `ERR gateway: ${error.message}`))
  return app
}

const NOTHING_SENT: RedisOutcome = { kind: "replies", replies: [] }

function acceptedOf(parsed: readonly ParsedCommand[]): RedisCommand[] {
  return parsed.flatMap((each) => (each.kind === "command" ? [each.command] : []))
}

function singleAnswer(outcome: RedisOutcome, encoding: ReplyEncoding): Response {
  if (outcome.kind !== "replies") return outcomeFailure(outcome)
  const reply = outcome.replies[0] ?? null
  return answer(reply instanceof Error ? 400 : 200, replyJson(reply, encoding))
}

function pipelineAnswer(
  parsed: readonly ParsedCommand[],
  outcome: RedisOutcome,
  encoding: ReplyEncoding,
): Response {
  if (outcome.kind !== "replies") return outcomeFailure(outcome)
  const replies: Iterator<RedisReply> = outcome.replies.values()
  const parts = parsed.map((each) =>
    each.kind === "refused" ? errorJson(each.error) : replyJson(replies.next().value ?? null, encoding),
  )
  return answer(200, `[${parts.join(",")}]`)
}

function outcomeFailure(outcome: Exclude<RedisOutcome, { kind: "replies" }>): Response {
  switch (outcome.kind) {
    case "discarded":
      return failure(400, outcome.error)
    case "unavailable":
      return failure(503, `ERR ${outcome.reason}`)
  }
}

function bodyFailure(kind: "too_large" | "aborted", maxBodyBytes: number): Response {
  return kind === "too_large"
    ? failure(413, `ERR max request size exceeded: the limit is ${maxBodyBytes} bytes`)
    : failure(400, "ERR the request body ended early")
}

function encodingOf(c: Gateway): ReplyEncoding {
  return c.env.incoming.headers["upstash-encoding"] === "base64" ? "base64" : "plain"
}

function failure(status: number, message: string): Response {
  return answer(status, errorJson(message))
}

function answer(status: number, json: string): Response {
  return new Response(json, { status, headers: HEADERS })
}
