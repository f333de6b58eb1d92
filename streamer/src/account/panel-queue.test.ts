import { beforeEach, describe, expect, it } from "vitest"
import type { AccountTarget } from "./account-target.ts"
import { type AccountAnswer, otherServer } from "./ask-account.ts"
import { PanelQueue } from "./panel-queue.ts"
import { untoldReport } from "./read-login.ts"

const good: AccountAnswer = { ok: true, report: untoldReport }
const silent: AccountAnswer = { ok: false, problem: "timeout", isOtherServer: false, reason: "" }

let clock = 0
let asked: { path: string; at: number; answer: (answer: AccountAnswer) => void }[] = []
/** How many of those that were asked have been answered. */
let answered = 0
let sleeping: { until: number; wake: () => void }[] = []
let closing: AbortController
let queue: PanelQueue

beforeEach(() => {
  clock = 1_000_000
  asked = []
  answered = 0
  sleeping = []
  closing = new AbortController()
  queue = new PanelQueue({
    ask: ({ url }) =>
      new Promise((answer) => void asked.push({ path: url.slice("http://".length), at: clock, answer })),
    now: () => clock,
    sleep: (milliseconds, signal) =>
      new Promise<void>((wake, reject) => {
        sleeping.push({ until: clock + milliseconds, wake })
        signal.addEventListener("abort", () => reject(signal.reason))
      }),
    signal: closing.signal,
  })
})

const target = (path: string): AccountTarget => ({ url: `http://${path}`, headers: {}, isList: false })
/** Lets everything happen that waits for no time. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
async function pass(milliseconds: number): Promise<void> {
  clock += milliseconds
  for (const { until, wake } of sleeping) if (until <= clock) wake()
  await settled()
}
async function answerNext(answer = good): Promise<void> {
  asked[answered++]?.answer(answer)
  await settled()
}

describe("questions to panels", () => {
  it("come one at a time to each server, a second after the last was answered", async () => {
    const answers = ["a/1", "a/2", "a/3"].map((path) => queue.ask(target(path)))
    await settled()
    expect(asked.map(({ path }) => path)).toEqual(["a/1"])
    clock += 400
    await answerNext()
    await pass(999)
    expect(asked).toHaveLength(1)
    await pass(1)
    expect(asked.map(({ path, at }) => [path, at - 1_000_000])).toEqual([
      ["a/1", 0],
      ["a/2", 1_400],
    ])
    await answerNext()
    await pass(1_000)
    await answerNext()
    expect(await Promise.all(answers)).toEqual([good, good, good])
    expect(asked.map(({ at }) => at - 1_000_000)).toEqual([0, 1_400, 2_400])
  })

  it("need no gap when the last is long ago, or the clock was set back", async () => {
    for (const change of [1_000, -3_600_000]) {
      const first = queue.ask(target("a/1"))
      await settled()
      await answerNext()
      await first
      clock += change
    }
    const last = queue.ask(target("a/1"))
    await settled()
    await answerNext()
    expect(await last).toBe(good)
    expect(sleeping).toEqual([])
  })

  it("go to four servers at once, in their turn", async () => {
    const paths = ["a/1", "a/2", "b/1", "c/1", "d/1", "e/1", "f/1"]
    const answers = paths.map((path) => queue.ask(target(path)))
    await settled()
    expect(asked.map(({ path }) => path)).toEqual(["a/1", "b/1", "c/1", "d/1"])
    await answerNext()
    await pass(1_000)
    expect(asked.slice(4).map(({ path }) => path)).toEqual(["e/1"])
    await answerNext()
    expect(asked.slice(5).map(({ path }) => path)).toEqual(["f/1"])
    await answerNext()
    expect(asked.slice(6).map(({ path }) => path)).toEqual(["a/2"])
    for (let left = 0; left < 4; left++) await answerNext()
    expect(await Promise.all(answers)).toHaveLength(7)
  })

  it("are not asked of a server that just did not answer", async () => {
    const first = [1, 2, 3].map((number) => queue.ask(target(`a/${number}`)))
    await settled()
    await answerNext(silent)
    expect(await Promise.all(first)).toEqual([silent, silent, silent])
    expect(await queue.ask(target("a/4"))).toBe(silent)
    expect(asked).toHaveLength(1)
    await pass(30_000)
    const later = queue.ask(target("a/5"))
    await settled()
    await answerNext()
    expect(await later).toBe(good)
  })

  it("are asked of a server that refused, or is no panel: other accounts may be right", async () => {
    const refused: AccountAnswer = { ...silent, problem: "wrong_password" }
    for (const answer of [refused, otherServer("it sent a web page")]) {
      const answers = [1, 2].map((number) => queue.ask(target(`a/${number}`)))
      await pass(1_000)
      await answerNext(answer)
      await pass(1_000)
      await answerNext()
      expect(await Promise.all(answers)).toEqual([answer, good])
    }
  })

  it("are given up when it closes, those that wait and those in a gap", async () => {
    const first = queue.ask(target("a/1"))
    await settled()
    const waiting = [queue.ask(target("a/2")), queue.ask(target("a/3"))]
    await answerNext()
    await first
    expect(sleeping).toHaveLength(1)
    closing.abort(new Error("closed"))
    for (const one of waiting) await expect(one).rejects.toThrow("closed")
    expect(asked).toHaveLength(1)
  })
})
