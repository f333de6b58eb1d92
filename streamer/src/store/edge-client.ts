import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Keys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import {
  type Manifest,
  manifestSchema,
  type Pointer,
  pointerSchema,
} from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { request } from "undici"

/** The edge answered with an error, or not at all. */
export class EdgeError extends Error {
  override name = "EdgeError"
}

/** What streamers ask of the edge: the objects of snapshots, publishing, and a channel's feeds. */
export class EdgeClient {
  readonly #url: string
  readonly #keys: Keys

  constructor(url: string, keys: Keys) {
    this.#url = url.replace(/\/+$/, "")
    this.#keys = keys
  }

  /** A channel's feeds in failover order; null when the current snapshot does not have it. */
  async channel(id: string): Promise<IndexedChannel | null> {
    const answer = await this.#call("GET", `/internal/channels/${encodeURIComponent(id)}`)
    return answer === null ? null : (JSON.parse(answer.toString()) as IndexedChannel)
  }

  /** An object's text; null when there is none. */
  async readObject(key: string): Promise<string | null> {
    return (await this.readBytes(key))?.toString() ?? null
  }

  /** An object's bytes as they are stored, or those of a range; null when there is none. */
  readBytes(key: string, range?: { offset: number; length: number }): Promise<Buffer | null> {
    const end = range === undefined ? "" : `${range.offset}-${range.offset + range.length - 1}`
    return this.#call("GET", `/internal/objects/${key}`, range && { range: `bytes=${end}` })
  }

  /** Keys of stored catalogues, guides or details that begin with `prefix`. */
  async listObjects(prefix: string): Promise<string[]> {
    const keys: string[] = []
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({ prefix, ...(cursor === null ? {} : { cursor }) })
      const answer = await this.#call("GET", `/internal/objects?${query}`)
      if (answer === null) throw new EdgeError("the edge does not list objects")
      const page = JSON.parse(answer.toString()) as { keys: string[]; cursor: string | null }
      keys.push(...page.keys)
      cursor = page.cursor
    } while (cursor !== null)
    return keys
  }

  async writeObject(key: string, body: string | Buffer): Promise<void> {
    await this.#call("PUT", `/internal/objects/${key}`, {}, body)
  }

  async deleteObject(key: string): Promise<void> {
    await this.#call("DELETE", `/internal/objects/${key}`)
  }

  /** Which snapshot is current; null before the first one. */
  async currentPointer(): Promise<Pointer | null> {
    const text = await this.readObject(objects.current)
    return text === null ? null : pointerSchema.parse(JSON.parse(text))
  }

  /** What is in a snapshot; null when it is gone. */
  async manifest(snapshot: string): Promise<Manifest | null> {
    const text = await this.readObject(objects.manifest(snapshot))
    return text === null ? null : manifestSchema.parse(JSON.parse(text))
  }

  /** Makes an uploaded snapshot the current one. */
  async publish(pointer: Pointer): Promise<void> {
    await this.#call("POST", "/internal/publish", {}, JSON.stringify(pointer))
  }

  async #call(
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    more: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<Buffer | null> {
    const { statusCode, body: answer } = await request(this.#url + path, {
      method,
      headers: {
        ...more,
        authorization: await tierAuthorization(this.#keys, "edge-internal", Date.now() / 1000),
      },
      ...(body === undefined ? {} : { body }),
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (statusCode === 404 && method === "GET") return null
    if (statusCode >= 300) throw new EdgeError(`the edge answered ${statusCode} to ${method} ${path}`)
    return bytes
  }
}
