import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { createInterface } from "node:readline"
import { z } from "zod"

const answerSchema = z.object({ request_id: z.number(), error: z.string(), data: z.unknown().optional() })
const answerMilliseconds = 5_000

/** mpv's JSON IPC: a line for each command and for each answer, events among them. */
export class MpvRemote {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (answer: z.infer<typeof answerSchema>) => void>()
  #lastId = 0

  /** Of a connected socket. */
  constructor(socket: Socket) {
    this.#socket = socket.on("error", () => undefined)
    createInterface(socket).on("line", (line) => {
      const answer = answerSchema.safeParse(JSON.parse(line))
      if (answer.success) this.#waiting.get(answer.data.request_id)?.(answer.data)
    })
  }

  /** Rejects when mpv does not listen there. */
  static async at(path: string): Promise<MpvRemote> {
    const socket = connect(path)
    await once(socket, "connect")
    return new MpvRemote(socket)
  }

  /** A property's value; null while it has none. */
  async get(property: string): Promise<unknown> {
    const { data } = await this.#ask(["get_property", property])
    return data ?? null
  }

  /** Rejects when mpv does not do it. */
  async do(...command: (string | number)[]): Promise<void> {
    const { error } = await this.#ask(command)
    if (error !== "success") throw new Error(`mpv: ${command.join(" ")}: ${error}`)
  }

  close(): void {
    this.#socket.destroy()
  }

  async #ask(command: readonly (string | number)[]): Promise<z.infer<typeof answerSchema>> {
    const id = ++this.#lastId
    const answered = Promise.withResolvers<z.infer<typeof answerSchema>>()
    this.#waiting.set(id, answered.resolve)
    const timer = setTimeout(
      () => answered.reject(new Error(`mpv does not answer to ${command.join(" ")}`)),
      answerMilliseconds,
    )
    this.#socket.write(`${JSON.stringify({ command, request_id: id })}\n`)
    try {
      return await answered.promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }
}
