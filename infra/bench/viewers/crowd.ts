import { seededRandom } from "../../e2e/player/test-support/seeded-random.ts"
import { watchProcess } from "../process-use.ts"
import { figure, type Report } from "../report.ts"
import { CrowdViewer } from "./crowd-viewer.ts"
import { deeds } from "./deeds.ts"
import { countList, Outcomes, total } from "./outcomes.ts"
import { type ViewersSystem, viewerCount } from "./viewers-system.ts"

const seconds = 60
// The same viewers do the same things in each run, as fast as they are answered.
const seed = 1
// Of answers with a body; an empty one has a few bytes when it is packed.
const leastKilobytes = 0.1
const kinds = [...deeds, "first byte"] as const
const titles: Record<(typeof kinds)[number], string> = {
  playlist: "playlist",
  unchanged: "playlist, 304",
  guide: "guide.xml",
  player_api: "player_api",
  zap: "redirect",
  "first byte": "zap, click to first byte",
}

/** Many viewers at once who do what they like. */
export async function sayCrowd(report: Report, system: ViewersSystem): Promise<void> {
  const outcomes = new Map(kinds.map((kind) => [kind, new Outcomes()]))
  const random = seededRandom(seed)
  const viewers = Array.from(
    { length: viewerCount },
    (_, number) =>
      new CrowdViewer(number, system, seededRandom(random.between(0, 2 ** 31)), (kind, outcome) =>
        outcomes.get(kind)?.add(outcome),
      ),
  )
  const from = performance.now()
  const until = from + seconds * 1000
  const { cpuSeconds } = await watchProcess(system.edgePid, () =>
    Promise.all(viewers.map((viewer) => viewer.live(until))),
  )
  const elapsed = (performance.now() - from) / 1000
  const states = Map.groupBy(viewers, ({ state }) => state)
  await Promise.all(viewers.map((viewer) => viewer.close()))
  sayOutcomes(report, outcomes, elapsed)
  const asked = deeds.reduce((sum, deed) => sum + (outcomes.get(deed)?.summary().done ?? 0), 0)
  const crowd = `${viewerCount.toLocaleString("en")} viewers for ${seconds} s`
  report.row(
    `${crowd}: requests that the edge answered`,
    `${figure(asked / elapsed)} a second, ${figure((cpuSeconds / asked) * 1000)} ms of CPU each`,
  )
  const ended = states.get("ended")?.length ?? 0
  report.row(
    `${crowd}: watching in the end; streams that ended by themselves`,
    `${states.get("watching")?.length ?? 0}; ${ended}`,
    "0 ended",
    ended === 0,
  )
}

function sayOutcomes(
  report: Report,
  outcomes: ReadonlyMap<keyof typeof titles, Outcomes>,
  elapsed: number,
): void {
  for (const [kind, all] of outcomes) {
    const { done, p50, p99, bytes, limited, failed } = all.summary()
    const kilobytes = bytes / done / 1000
    const size = kilobytes > leastKilobytes ? `, ${figure(kilobytes)} KB each` : ""
    report.row(
      `among the crowd: ${titles[kind]}`,
      `${figure(done / elapsed)} a second, p50 ${figure(p50)} ms, p99 ${figure(p99)} ms${size}`,
    )
    if (limited.size > 0)
      report.row(`among the crowd: ${titles[kind]}, at a configured limit`, countList(limited))
    report.row(
      `among the crowd: ${titles[kind]}, other errors`,
      countList(failed),
      "none",
      total(failed) === 0 && done > 0,
    )
  }
}
