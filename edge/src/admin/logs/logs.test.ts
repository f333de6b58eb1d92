import { type LogPage, logPageSchema } from "@tributary/shared/admin-api/logs"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { forgetCalls, registerStreamer, streamerCalls } from "../../test-support/store.ts"
import { askJson, type Refusal, setAnswer } from "../streamers/streamers-fixture.ts"

const line = (seq: number, at: number, message: string) => ({
  ...{ seq, at, level: "info", category: "streamer.pool", message, properties: { viewers: 2 } },
})

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await registerStreamer("one")
})

const page = async (query = "") => (await askJson<LogPage>(`/logs${query}`)).body
const asked = async () =>
  Object.fromEntries(
    (await streamerCalls()).map(({ path }) => {
      const url = new URL(path, "http://control")
      return [url.pathname.split("/")[2], Object.fromEntries(url.searchParams)]
    }),
  )

describe("GET /api/logs", () => {
  it("shows the lines of all streamers by their times, and says where to go on", async () => {
    await registerStreamer("two")
    await setAnswer("one", "GET /logs", { lines: [line(7, 100, "a"), line(8, 300, "c")], next: 9 })
    await setAnswer("two", "GET /logs", { lines: [line(1, 200, "b")], next: 1 })
    const body = await page()
    expect(logPageSchema.parse(body)).toEqual(body)
    expect(body.lines.map(({ streamer, seq, message }) => [streamer, seq, message])).toEqual([
      ["one", 7, "a"],
      ["two", 1, "b"],
      ["one", 8, "c"],
    ])
    expect(body.lines[0]).toEqual({ streamer: "one", ...line(7, 100, "a") })
    const question = { level: "debug", search: "", limit: "200" }
    expect(await asked()).toEqual({ one: question, two: question })
    await page(`?after=${encodeURIComponent(body.next)}&level=warning&search=News&limit=5`)
    const next = { level: "warning", search: "News", limit: "5" }
    expect(await asked()).toEqual({ one: { ...next, after: "9" }, two: { ...next, after: "1" } })
  })

  it("reads one that is new from its beginning, and goes on later with one that does not answer", async () => {
    await registerStreamer("silent", { internalAddress: "http://127.0.0.1:1" })
    await setAnswer("one", "GET /logs", { lines: [line(1, 100, "a")], next: 1 })
    const { lines, next, unanswered } = await page("?after=silent:5,gone:9")
    expect((await asked()).one?.after).toBe("0")
    expect(lines).toHaveLength(1)
    expect(unanswered).toEqual(["silent"])
    expect(next).toBe("one:1,silent:5")
  })

  it.each([
    ["after=x", "after: is not what an answer has as next"],
    ["level=warn", 'level: must be "trace", "debug", "info", "warning", "error" or "fatal"'],
    ["limit=1000", "limit: must be from 1 to 500"],
    ["limit=x", "limit: must be a whole number"],
    ["more=1", "more: unknown key"],
  ])("says what is wrong with %s", async (query, message) => {
    expect(await askJson<Refusal>(`/logs?${query}`)).toEqual({
      ...{ status: 400, body: { error: { code: "bad_request", message } } },
    })
    expect(await streamerCalls()).toEqual([])
  })
})
