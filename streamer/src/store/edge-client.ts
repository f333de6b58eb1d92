import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Keys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { type Manifest, manifestSchema } from "@tributary/shared/snapshot/manifest"
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
    const text = await this.#call("GET", `/internal/channels/${encodeURIComponent(id)}`)
    return text === null ? null : (JSON.parse(text) as IndexedChannel)
  }

  /** An object's text; null when there is none. */
  readObject(key: string): Promise<string | null> {
    return this.#call("GET", `/internal/objects/${key}`)
  }

  async writeObject(key: string, body: string | Buffer): Promise<void> {
    await this.#call("PUT", `/internal/objects/${key}`, body)
  }

  async deleteObject(key: string): Promise<void> {
    await this.#call("DELETE", `/internal/objects/${key}`)
  }

  async currentManifest(): Promise<Manifest | null> {
    const text = await this.readObject(objects.current)
    return text === null ? null : manifestSchema.parse(JSON.parse(text))
  }

  /** Makes an uploaded snapshot the current one. */
  async publish(manifest: Manifest): Promise<void> {
    await this.#call("POST", "/internal/publish", JSON.stringify(manifest))
  }

  async #call(
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    body?: string | Buffer,
  ): Promise<string | null> {
    const { statusCode, body: answer } = await request(this.#url + path, {
      method,
      headers: { authorization: await tierAuthorization(this.#keys, "edge-internal", Date.now() / 1000) },
      ...(body === undefined ? {} : { body }),
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    })
    const text = await answer.text()
    if (statusCode === 404 && method === "GET") return null
    if (statusCode >= 300) throw new EdgeError(`the edge answered ${statusCode} to ${method} ${path}`)
    return text
  }
}
