import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import type { EpisodeRecord } from "@tributary/shared/catalogue/details"
import type { Feed, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { type SourceConfig, sourceSchema } from "@tributary/shared/config/config-file"
import { log } from "@tributary/shared/log/log"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys as stored } from "@tributary/shared/store/keys"
import { saveSources } from "@tributary/shared/store/save-config"
import { Redis } from "@upstash/redis"
import { startFixture, TOKEN } from "../../../infra/local/gateway/gateway-fixture.ts"
import { ConfigDirectory } from "../store/config-directory.ts"
import { EdgeClient } from "../store/edge-client.ts"
import { DetailsDirectory, type DetailsDirectoryOptions } from "./details-directory.ts"

async function listen(answer: RequestListener) {
  const server = createServer(answer)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

/** A panel whose answers the test decides; it counts what it is asked. */
async function startPanel() {
  const panel = { answer: ((_, response) => response.end("null")) as RequestListener, asked: [] as string[] }
  const server = await listen((request, response) => {
    panel.asked.push(request.url ?? "")
    panel.answer(request, response)
  })
  return Object.assign(panel, server)
}

/** As the edge keeps objects and looks channels up; `isBroken` refuses writes. */
async function startObjects() {
  const edge = {
    channels: new Map<string, IndexedChannel>(),
    objects: new Map<string, string>(),
    isBroken: false,
  }
  const server = await listen(async (request, response) => {
    const [, , folder, ...rest] = (request.url ?? "").split("/")
    const key = rest.join("/")
    if (request.method === "PUT") {
      const body = await text(request)
      if (!edge.isBroken) edge.objects.set(key, body)
      return response.writeHead(edge.isBroken ? 500 : 204).end()
    }
    const found = folder === "channels" ? JSON.stringify(edge.channels.get(key)) : edge.objects.get(key)
    return response.writeHead(found === undefined ? 404 : 200).end(found)
  })
  return Object.assign(edge, server)
}

/** A real store, and two sources `one` and `two` on panels of their own. */
export async function startDetailsFixture() {
  const [store, one, two, edge, keys] = await Promise.all([
    startFixture(),
    startPanel(),
    startPanel(),
    startObjects(),
    deriveKeys("a secret for tests, which is long enough"),
  ])
  const options = {
    url: store.gateway.url,
    token: TOKEN,
    automaticDeserialization: false,
    enableTelemetry: false,
  }
  const redis = new Redis(options)
  const sourceOf = (id: string, url: string) =>
    sourceSchema.parse({
      id,
      type: "xtream",
      url,
      username: `user-${id}`,
      password: "pass&word",
    }) as SourceConfig
  await saveSources(redis, keys, [sourceOf("one", one.url), sourceOf("two", two.url)], "api", {
    replace: true,
  })
  const config = await ConfigDirectory.open(redis, keys)
  const clock = { now: Date.UTC(2026, 1, 3) }
  const client = new EdgeClient(edge.url, keys)
  const logger = log("streamer", "details")
  return {
    keys,
    one,
    two,
    edge,
    clock,
    gateway: store.gateway,
    directory: (more: Partial<DetailsDirectoryOptions> = {}) =>
      new DetailsDirectory({ edge: client, redis, config, now: () => clock.now, logger, ...more }),
    episode: async (id: string) => {
      const record = await redis.get<string>(stored.episode(id))
      const seconds = await redis.ttl(stored.episode(id))
      return record === null ? null : { record: JSON.parse(record) as EpisodeRecord, seconds }
    },
    /** As after a start with an empty store of objects. */
    reset: () => {
      edge.channels.clear()
      edge.objects.clear()
      edge.isBroken = false
      for (const panel of [one, two]) {
        panel.asked = []
        panel.answer = (_, response) => response.end("null")
      }
    },
    close: () => Promise.all([store.close(), one.close(), two.close(), edge.close()]),
  }
}

export const feed = (source: string, type: "movie" | "series" | undefined, streamId: string): Feed => ({
  id: `${source}-${streamId}`,
  source,
  locator: { kind: "xtream", ...(type === undefined ? {} : { type }), streamId, extension: "mp4" },
})

/** An answer of this JSON. */
export const json =
  (answer: unknown): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify(answer))
