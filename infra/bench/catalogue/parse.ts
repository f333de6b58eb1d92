import { once } from "node:events"
import { Worker } from "node:worker_threads"
import type { Bench } from "../bench.ts"
import { figure, type Report } from "../report.ts"
import { median } from "../statistics.ts"
import type { Contest, Round } from "./parse-contestant.ts"

const entries = 100_000
const rounds = 11
// The code is compiled, as it is after the first tenth of a large list.
const warmRounds = 5
const leastRatio = 5
const contestants = ["foreign", "open", "login"] as const

export const parse: Bench = {
  name: "parse",
  title: `channel lists of ${entries.toLocaleString("en")} entries, one thread, beside iptv-playlist-parser`,
  run: async (report) => {
    const speeds = await race()
    report.row("iptv-playlist-parser", `${figure(speeds.foreign)} MB/s`)
    say(report, "our reader, list without a login", speeds.open, speeds.foreign)
    say(report, "our reader, login hidden in each address", speeds.login, speeds.foreign)
  },
}

function say(report: Report, what: string, speed: number, foreignSpeed: number): void {
  const ratio = speed / foreignSpeed
  const measured = `${figure(speed)} MB/s, ${figure(ratio)} times`
  report.row(what, measured, `≥ ${leastRatio} times`, ratio >= leastRatio)
}

/**
 * MB/s of each, the median of its rounds. Each has a thread and a heap of its own, as an import has, so that
 * nobody collects another's garbage; only one runs at a time, in turn, so that the machine's moods meet all.
 */
async function race(): Promise<Record<Contest["who"], number>> {
  const program = new URL("parse-contestant.ts", import.meta.url)
  const threads = contestants.map(
    (who) => new Worker(program, { workerData: { who, entries } satisfies Contest }),
  )
  const speeds = contestants.map((): number[] => [])
  try {
    for (let round = 0; round < warmRounds + rounds; round++)
      for (const [at, thread] of threads.entries()) {
        thread.postMessage("read")
        const [{ bytes, milliseconds, found }] = (await once(thread, "message")) as [Round]
        if (found !== entries) throw new Error(`${contestants[at]} found ${found} of ${entries} entries`)
        if (round >= warmRounds) speeds[at]?.push(bytes / 1000 / milliseconds)
      }
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
  const [foreign = [], open = [], login = []] = speeds
  return { foreign: median(foreign), open: median(open), login: median(login) }
}
