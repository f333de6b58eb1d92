import { deriveKeys, type Keys } from "@tributary/shared/secrets/keys"
import { signTicket, type Ticket } from "@tributary/shared/ticket"
import { Hono } from "hono"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { sendAway } from "./send-away.ts"

const ticket: Ticket = {
  ...{ channel: "7", key: "7", streamer: "one", lease: "lease", source: "acme", profile: "primary" },
  ...{
    feed: "feed",
    viewer: "ann",
    session: "address/7/session/1",
    yielded: null,
    relay: null,
    relayTo: null,
  },
  ...{ ends: [], failing: false, transcode: null, catchup: null, at: 0 },
}
const destination = { id: "two", address: "https://two.example:8090", region: "EU", viewers: 0 }

let keys: Keys
let app: Hono
/** What the streamer is: the test sets it. */
let state: { isDraining: boolean; plays: boolean; destination: typeof destination | null }
let handedOver: string[]

beforeAll(async () => {
  keys = await deriveKeys("a secret for tests, which is long enough")
})
beforeEach(() => {
  state = { isDraining: true, plays: false, destination }
  handedOver = []
  const drain = {
    get isDraining() {
      return state.isDraining
    },
    plays: () => state.plays,
    destination: async () => state.destination,
    handOver: ({ session }: Ticket) => void handedOver.push(session),
  }
  app = new Hono()
  app.use(sendAway({ keys, drain, now: Date.now }) as never)
  app.get("*", (context) => context.text("served here"))
})

async function ask(pathOf: (text: string) => string, changes: Partial<Ticket> = {}, method = "GET") {
  const text = await signTicket(keys, { ...ticket, ...changes }, Math.floor(Date.now() / 1000))
  const response = await app.request(pathOf(text), { method })
  const location = response.headers.get("location")
  return { status: response.status, to: location?.replace(text, "TICKET") ?? null }
}
const here = { status: 200, to: null }
const away = (path: string) => ({ status: 307, to: `${destination.address}${path}` })

describe("while a streamer drains, a player with a ticket", () => {
  it.each<[(text: string) => string, string]>([
    [(text) => `/live/${text}.ts`, "/live/TICKET.ts"],
    [(text) => `/live/${text}.m3u8`, "/live/TICKET.m3u8"],
    [(text) => `/live/${text}/sd.m3u8`, "/live/TICKET/sd.m3u8"],
    [(text) => `/vod/${text}.mp4?t=9`, "/vod/TICKET.mp4?t=9"],
  ])("is sent to another streamer, with the same ticket: %#", async (pathOf, path) => {
    expect(await ask(pathOf)).toEqual(away(path))
    expect(handedOver).toEqual([ticket.session])
  })

  it("whose session plays here is served here, but for HLS, which moves with its playlist", async () => {
    state.plays = true
    expect(await ask((text) => `/live/${text}.ts`)).toEqual(here)
    expect(await ask((text) => `/vod/${text}.mkv`)).toEqual(here)
    expect(handedOver).toEqual([])
    expect(await ask((text) => `/live/${text}.m3u8`)).toEqual(away("/live/TICKET.m3u8"))
  })

  it("gets the segments that were listed here", async () => {
    expect(await ask((text) => `/live/${text}/1795600000.ts`)).toEqual(here)
    expect(await ask((text) => `/live/${text}/sd/1795600000.ts`)).toEqual(here)
  })

  it("is served here where there is no other streamer", async () => {
    state.destination = null
    expect(await ask((text) => `/live/${text}.ts`)).toEqual(here)
    expect(handedOver).toEqual([])
  })

  it("is served here as a streamer that relays, and by HEAD, which opens nothing", async () => {
    expect(await ask((text) => `/live/${text}.ts`, { relayTo: "two" })).toEqual(here)
    expect((await ask((text) => `/live/${text}.ts`, {}, "HEAD")).status).toBe(200)
  })

  it("that is none is answered as always", async () => {
    expect(await ask(() => "/live/a.b.c.ts")).toEqual(here)
  })
})

describe("before it drains", () => {
  it("nobody is sent away", async () => {
    state.isDraining = false
    expect(await ask((text) => `/live/${text}.ts`)).toEqual(here)
  })
})
