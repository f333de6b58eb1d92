import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { createServer as createTcpServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type SourceConfig, sourceSchema } from "@tributary/shared/config/config-file"
import { settingsSchema } from "@tributary/shared/config/settings"
import { bindScripts } from "@tributary/shared/lease/scripts"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys as stored } from "@tributary/shared/store/keys"
import type { ProfileReport, SealedSource } from "@tributary/shared/store/records"
import { saveSources } from "@tributary/shared/store/save-config"
import { Redis } from "@upstash/redis"
import { vi } from "vitest"
import { smallChannels } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { startDemoProvider } from "../../../infra/local/demo-provider/start-demo-provider.ts"
import { startFixture, TOKEN } from "../../../infra/local/gateway/gateway-fixture.ts"
import { ConfigDirectory } from "../store/config-directory.ts"
import { readScriptSources } from "../store/script-sources.ts"
import type { OpenSource } from "../upstream/open-feed.ts"

const host = "127.0.0.1"
export const settings = settingsSchema.parse({ userAgent: "A player" })
/** One that no address can hold as it is. */
export const login = { username: "zoe & co", password: "p4ss/w:rd@+" }
export const query = new URLSearchParams(login).toString()

/** A real provider with one account of two connections. */
export const startProvider = () =>
  startDemoProvider({
    // Rendering is the same for every run, so it is kept.
    dataDir: join(tmpdir(), "tributary-demo-loops"),
    channels: smallChannels,
    movieSeconds: 2,
    accounts: [{ ...login, maxConnections: 2 }],
  })

/** A server whose answers the test decides; `asked` are the addresses that it was asked for. */
export async function startServer(answer: RequestListener) {
  const state = { answer, asked: [] as string[], headers: {} as NodeJS.Dict<string | string[]> }
  const server = createServer((request, response) => {
    state.asked.push(request.url ?? "")
    state.headers = request.headers
    state.answer(request, response)
  })
  return Object.assign(state, await listening(server))
}

/** A server that sends these bytes, whatever comes. */
export const startRawServer = (bytes: string) =>
  listening(createTcpServer((socket) => socket.once("data", () => socket.end(bytes))))

async function listening(server: Server) {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.once("close", () => sockets.delete(socket))
  })
  server.listen(0, host)
  await once(server, "listening")
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    openSockets: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Waits until it is so. */
export const eventually = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 15_000, interval: 5 })

/** Nothing listens there. */
export async function unusedAddress(): Promise<string> {
  const server = await startRawServer("")
  await server.close()
  return server.url
}

export const json =
  (answer: unknown): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify(answer))

/** What a panel says of an account. */
export const loginAnswer = (user: object = {}) => ({
  user_info: { auth: 1, status: "Active", active_cons: "0", max_connections: "1", exp_date: null, ...user },
})

/** A source as the streamer holds it; its profiles are those that have a login, and the primary one. */
export function openSource(
  type: "xtream" | "m3u",
  url: string,
  logins: SealedSource["logins"] = { primary: { url: null, ...login } },
): OpenSource {
  const ids = [...new Set(["primary", ...Object.keys(logins)])]
  return {
    record: {
      ...{ id: "a", type, order: 1, enabled: true, live: true, vod: true, series: true },
      ...{ origin: "api", sealed: "" },
      profiles: ids.map((id) => ({
        ...{ id, name: id, primary: id === "primary", maxStreams: null, priority: 0, enabled: true },
        ...{ hasLogin: logins[id] !== undefined, ownServer: logins[id]?.url != null },
      })),
    },
    secret: { url, logins },
  }
}

/** A real store, with sources in it as they are configured. */
export async function startAccountStore() {
  const store = await startFixture()
  const keys = await deriveKeys("a secret for tests, which is long enough")
  const redis = new Redis({
    url: store.gateway.url,
    token: TOKEN,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: false,
  })
  const now = async () => {
    const [seconds, microseconds] = await redis.time()
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
  }
  return {
    keys,
    redis,
    gateway: store.gateway,
    run: bindScripts(redis, readScriptSources()),
    openConfig: () => ConfigDirectory.open(redis, keys),
    save: (...sources: Parameters<typeof sourceSchema.parse>[0][]) =>
      saveSources(
        redis,
        keys,
        sources.map((source) => sourceSchema.parse(source) as SourceConfig),
        "file",
        { replace: true },
      ),
    report: async (source: string, profile = "primary") => {
      const text = await redis.hget<string>(stored.reports(source), profile)
      return text === null ? null : (JSON.parse(text) as ProfileReport)
    },
    /** Makes a profile due now, as time does. */
    makeDue: (source: string, profile = "primary") =>
      redis.zadd(stored.profilesDue, { xx: true }, { score: 0, member: `${source}/${profile}` }),
    /** In how many seconds a profile is due, in tens, as tests take their time; null when nobody will ask. */
    dueIn: async (source: string, profile = "primary") => {
      const score = await redis.zscore(stored.profilesDue, `${source}/${profile}`)
      return score === null ? null : Math.ceil((Number(score) - (await now())) / 10_000) * 10
    },
    clear: () => redis.flushdb(),
    close: () => store.close(),
  }
}
