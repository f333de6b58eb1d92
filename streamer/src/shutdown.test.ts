import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { describe, expect, it, onTestFinished, vi } from "vitest"

vi.setConfig({ testTimeout: 20_000 })

/** A process that says what it does: it drains for so many seconds at the longest, and is empty after `emptyAfter`. */
async function start({ seconds, emptyAfter }: { seconds: number; emptyAfter: number }) {
  const program = `
    import { closeInTurn } from ${JSON.stringify(new URL("./shutdown.ts", import.meta.url).href)}
    const say = (word) => process.stdout.write(word + "\\n")
    const logger = { info: () => undefined, warn: () => undefined }
    const drain = async () => {
      say("drain")
      await new Promise((resolve) => setTimeout(resolve, ${emptyAfter * 1000}))
    }
    const part = (name) => [name, async () => say(name)]
    closeInTurn({ logger, drain: { seconds: ${seconds}, run: drain }, parts: [part("first"), part("second")] })
    setInterval(() => undefined, 1000)
    say("ready")`
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const words: string[] = []
  const waiting = new Set<() => void>()
  createInterface(child.stdout).on("line", (word) => {
    words.push(word)
    for (const wake of waiting) wake()
  })
  const said = async (word: string) => {
    while (!words.includes(word)) await new Promise<void>((resolve) => void waiting.add(resolve))
  }
  const exited = once(child, "close")
  await said("ready")
  return {
    said,
    send: (signal: NodeJS.Signals) => child.kill(signal),
    /** What it said since it was ready, and how it ended. */
    end: async () => {
      const [code] = await exited
      return { words: words.slice(1), code }
    },
  }
}
const closed = { words: ["first", "second"], code: 0 }
const drained = { words: ["drain", "first", "second"], code: 0 }

describe("a process that is told to end", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("closes its parts in turn, at once (%s)", async (signal) => {
    const running = await start({ seconds: 0, emptyAfter: 60 })
    running.send(signal)
    expect(await running.end()).toEqual(closed)
  })

  it("drains first, and closes when it is empty", async () => {
    const running = await start({ seconds: 60, emptyAfter: 0.05 })
    running.send("SIGTERM")
    expect(await running.end()).toEqual(drained)
  })

  it("drains for no longer than it may", async () => {
    const running = await start({ seconds: 1, emptyAfter: 60 })
    running.send("SIGTERM")
    expect(await running.end()).toEqual(drained)
  })

  it.each(["SIGTERM", "SIGINT"] as const)("does not drain on when it is told again (%s)", async (signal) => {
    const running = await start({ seconds: 60, emptyAfter: 60 })
    running.send("SIGTERM")
    await running.said("drain")
    running.send(signal)
    expect(await running.end()).toEqual(drained)
  })

  it("does not drain for who sits before it", async () => {
    const running = await start({ seconds: 60, emptyAfter: 60 })
    running.send("SIGINT")
    expect(await running.end()).toEqual(closed)
  })
})
