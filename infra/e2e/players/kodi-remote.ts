import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { z } from "zod"
import { takeObjects } from "./json-values.ts"

const answerSchema = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})
type Answer = z.infer<typeof answerSchema>
const answerMilliseconds = 10_000

/** Kodi's JSON-RPC over TCP: unlike its web server, that one is bound to loopback. */
export class KodiRemote {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #lastId = 0

  /** Of a connected socket. */
  constructor(socket: Socket) {
    this.#socket = socket.on("error", () => undefined).setEncoding("utf8")
    let text = ""
    socket.on("data", (chunk: string) => {
      const { objects, rest } = takeObjects(text + chunk)
      text = rest
      for (const object of objects) {
        // The others are notifications.
        const answer = answerSchema.safeParse(object)
        if (answer.success) this.#waiting.get(answer.data.id)?.(answer.data)
      }
    })
  }

  /** Rejects when Kodi does not listen there. */
  static async at(port: number): Promise<KodiRemote> {
    const socket = connect(port, "127.0.0.1")
    await once(socket, "connect")
    return new KodiRemote(socket)
  }

  /** Rejects when Kodi refuses, does not answer within 10 s, or answers with something else. */
  async call<T>(method: string, params: object, schema: z.ZodType<T>): Promise<T> {
    const id = ++this.#lastId
    const answered = Promise.withResolvers<Answer>()
    this.#waiting.set(id, answered.resolve)
    const timer = setTimeout(
      () => answered.reject(new Error(`Kodi does not answer to ${method}`)),
      answerMilliseconds,
    )
    this.#socket.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }))
    try {
      const { result, error } = await answered.promise
      if (error !== undefined) throw new Error(`Kodi: ${method}: ${error.message}`)
      return schema.parse(result)
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  close(): void {
    this.#socket.destroy()
  }
}
