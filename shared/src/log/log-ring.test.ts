import { afterEach, describe, expect, it } from "vitest"
import { log, startLog } from "./log.ts"
import { LogRing, type LogRingOptions } from "./log-ring.ts"

const quiet = { write: () => undefined, debug: false, obfuscate: true }
const all = { after: null, level: "trace", search: "", limit: 10_000 } as const

afterEach(() => startLog(quiet))

async function logTo(options: LogRingOptions = {}) {
  const ring = new LogRing(options)
  await startLog({ ...quiet, obfuscate: false, ring })
  const messages = (question: Partial<Parameters<LogRing["read"]>[0]> = {}) =>
    ring.read({ ...all, ...question }).lines.map(({ message }) => message)
  return { ring, messages, logger: log("streamer", "pool") }
}

describe("the newest lines of a log", () => {
  it("are kept with what they say, without addresses even where those are written", async () => {
    const { ring, logger } = await logTo()
    const from = Date.now()
    const details = { url: "http://u:p@h.example/x", tries: 3, cause: new Error("connect 1.2.3.4:80") }
    logger.warn("cannot reach {url} as {details}", { url: details.url, details, big: 2n ** 60n })
    const { lines, next } = ring.read(all)
    expect(lines).toEqual([
      {
        ...{ seq: 1, at: expect.any(Number), level: "warning", category: "streamer.pool" },
        message: 'cannot reach [address] as {"url":"[address]","tries":3,"cause":"Error: connect [address]"}',
        properties: {
          url: "[address]",
          details: { url: "[address]", tries: 3, cause: "Error: connect [address]" },
          big: "1152921504606846976",
        },
      },
    ])
    expect(lines[0]?.at).toBeGreaterThanOrEqual(from)
    expect(next).toBe(1)
  })

  it("stay as they were logged", async () => {
    const { ring, logger } = await logTo()
    const state = { viewers: 1 }
    logger.info("joined", { state })
    state.viewers = 2
    expect(ring.read(all).lines[0]?.properties).toEqual({ state: { viewers: 1 } })
  })

  it("are so many at most, the oldest go first, and numbers go on", async () => {
    const { ring, messages, logger } = await logTo({ maxLines: 3 })
    for (let number = 1; number <= 20; number++) {
      logger.info(`line ${number}`)
      const first = Math.max(1, number - 2)
      expect(messages()).toEqual(
        Array.from({ length: number - first + 1 }, (_, index) => `line ${first + index}`),
      )
    }
    expect(ring.read(all).lines.map(({ seq }) => seq)).toEqual([18, 19, 20])
  })

  it("have so many characters at most, and a long one is cut", async () => {
    const { messages, ring, logger } = await logTo({ maxCharacters: 20_000 })
    for (let number = 0; number < 50; number++) logger.info("x".repeat(1_000))
    expect(messages().length).toBeLessThan(20)
    expect(messages().length).toBeGreaterThan(15)
    logger.info("long", { list: Array.from({ length: 10_000 }, (_, at) => at) })
    expect(ring.read({ ...all, limit: 1 }).lines[0]).toMatchObject({ message: "long […]", properties: {} })
  })

  it("are asked for by level and by words in any case", async () => {
    const { messages, logger } = await logTo()
    logger.info("viewer joined", { channel: "News One" })
    logger.warn("ffmpeg failed")
    logger.error("no store")
    logger.debug("not logged at all")
    expect(messages({ level: "warning" })).toEqual(["ffmpeg failed", "no store"])
    expect(messages({ search: "news ONE" })).toEqual(["viewer joined"])
    expect(messages({ search: "STREAMER.pool", level: "error" })).toEqual(["no store"])
  })

  it("are read on from where somebody stopped, without a gap", async () => {
    const { ring, logger } = await logTo()
    for (let number = 1; number <= 5; number++) logger.info(`line ${number}`)
    const newest = ring.read({ ...all, limit: 2 })
    expect(newest.lines.map(({ seq }) => seq)).toEqual([4, 5])
    expect(newest.next).toBe(5)
    for (let number = 6; number <= 9; number++) logger.info(`line ${number}`)
    const more = ring.read({ ...all, after: newest.next, limit: 3 })
    expect(more.lines.map(({ seq }) => seq)).toEqual([6, 7, 8])
    expect(more.next).toBe(8)
    expect(ring.read({ ...all, after: more.next }).lines.map(({ seq }) => seq)).toEqual([9])
    // What is not asked for is passed over for good.
    expect(ring.read({ ...all, after: 8, level: "error" })).toEqual({ lines: [], next: 9 })
  })
})
