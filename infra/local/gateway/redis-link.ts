import { createClient, ErrorReply } from "@redis/client"
import type { RedisCommand } from "./redis-command.ts"
import { REPLY_TYPES, type RedisReply } from "./redis-reply.ts"
import { ReplyDeadline } from "./reply-deadline.ts"

export type RedisOutcome =
  | { kind: "replies"; replies: RedisReply[] }
  /** A command could not be queued, so none of the transaction was executed. */
  | { kind: "discarded"; error: string }
  | { kind: "unavailable"; reason: string }

export type RedisLinkOptions = { host: string; port: number; commandTimeoutMs: number }

const RECONNECT_DELAY_MS = 50
const CONNECT_TIMEOUT_MS = 1000

/**
 * One connection to Redis, shared by every request: commands of concurrent requests travel as one
 * pipeline. It reconnects for ever, and meanwhile refuses at once instead of queueing.
 */
export class RedisLink {
  readonly #client
  readonly #deadline: ReplyDeadline

  constructor({ host, port, commandTimeoutMs }: RedisLinkOptions) {
    this.#deadline = new ReplyDeadline(commandTimeoutMs)
    this.#client = createClient({
      // RESP 3 would turn the flat arrays that Upstash's client expects into maps and doubles.
      RESP: 2,
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: "disabled",
      // 0 turns off the client's own timeout: an AbortSignal per command, and none once it is written.
      commandOptions: { typeMapping: REPLY_TYPES, timeout: 0 },
      socket: { host, port, connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: () => RECONNECT_DELAY_MS },
    })
    // Being away is a state that each request reports; the event only must not go unheard.
    this.#client.on("error", () => undefined)
    // Settles when connected, or rejects when closed before that.
    this.#client.connect().catch(() => undefined)
  }

  /** Sends commands in order; others may come between them. Never rejects. */
  run(commands: readonly RedisCommand[]): Promise<RedisOutcome> {
    return this.#exchange((send) => {
      const replies = commands.map((command) => send(command.arguments))
      return async () => ({ kind: "replies", replies: await Promise.all(replies) })
    })
  }

  /** Sends commands between MULTI and EXEC; nothing comes between them. Never rejects. */
  transact(commands: readonly RedisCommand[]): Promise<RedisOutcome> {
    return this.#exchange((send) => {
      // All are queued in this one tick, and the chain keeps the client from splitting them on reconnect.
      const chainId = Symbol("transaction")
      const all = [["MULTI"], ...commands.map((command) => command.arguments), ["EXEC"]]
      const sent = all.map((words) => send(words, chainId))
      return async () => {
        const queued = await Promise.all(sent)
        const replies = queued.pop()
        const refusal = queued.find((reply) => reply instanceof ErrorReply)
        if (Array.isArray(replies)) return { kind: "replies", replies }
        const cause = refusal ?? replies
        const reason = cause instanceof ErrorReply ? cause.message : "no reply"
        return { kind: "discarded", error: `EXECABORT Transaction discarded because of: ${reason}` }
      }
    })
  }

  /** Resolves with whether Redis answers now. */
  async isReady(): Promise<boolean> {
    const outcome = await this.run([{ name: "PING", arguments: ["PING"] }])
    return outcome.kind === "replies"
  }

  /** Drops the connection; requests under way are answered "unavailable". Idempotent. */
  close(): Promise<void> {
    this.#deadline.close()
    if (this.#client.isOpen) this.#client.destroy()
    return Promise.resolve()
  }

  /** `begin` must send everything before it returns; what it returns collects the replies. */
  #exchange(begin: (send: Send) => () => Promise<RedisOutcome>): Promise<RedisOutcome> {
    if (!this.#client.isReady) return Promise.resolve(UNREACHABLE)
    if (this.#deadline.isStalled()) return Promise.resolve(STALLED)
    return new Promise((resolve) => {
      const waiting = this.#deadline.start(() => resolve(STALLED))
      const collect = begin((words, chainId) => this.#send(words, chainId))
      const settle = (outcome: RedisOutcome) => {
        this.#deadline.finish(waiting)
        resolve(outcome)
      }
      collect().then(settle, () => settle(UNREACHABLE))
    })
  }

  /** Resolves with an error reply, too; rejects when Redis is not there or still loads its file. */
  async #send(words: readonly (string | Buffer)[], chainId?: symbol): Promise<RedisReply> {
    try {
      return await this.#client.sendCommand<RedisReply>(
        words,
        chainId === undefined ? undefined : { chainId },
      )
    } catch (error) {
      if (error instanceof ErrorReply && !error.message.startsWith("LOADING ")) return error
      throw error
    }
  }
}

type Send = (words: readonly (string | Buffer)[], chainId?: symbol) => Promise<RedisReply>

const UNREACHABLE: RedisOutcome = { kind: "unavailable", reason: "redis is not reachable" }
const STALLED: RedisOutcome = { kind: "unavailable", reason: "redis does not answer" }
