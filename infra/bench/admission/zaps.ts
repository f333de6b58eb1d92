import { setTimeout as delay } from "node:timers/promises"
import { openPlayer, type Player } from "../../e2e/player/play.ts"
import { eventually } from "../../e2e/system/eventually.ts"
import { figure, type Report } from "../report.ts"
import { median, quantile } from "../statistics.ts"
import type { AdmissionSystem } from "./admission-system.ts"
import { commandList, type Traffic } from "./gateway-watch.ts"

const zaps = 30
const mostCommands = 4
const mostFailures = 3
const patienceMilliseconds = 5_000
const pauseMilliseconds = 100
const longestMilliseconds = 45_000
const graceMilliseconds = 20_000

/** Changing the channel on an account of one connection, in both orders in which players do it. */
export async function sayZaps(report: Report, opened: AdmissionSystem): Promise<void> {
  const direct = await directFirstBytes(opened)
  report.row(
    `first byte at the provider itself, ${direct.length} times`,
    `p50 ${figure(median(direct))} ms, p99 ${figure(quantile(direct, 0.99))} ms`,
  )
  for (const [order, leavesFirst] of [
    ["asked while the old channel plays", false],
    ["asked once the old channel is left", true],
  ] as const) {
    await opened.zapConnections()
    const { result: run, beats } = await opened.beats.during(() => zapAround(opened, leavesFirst))
    const { firstBytes, failed } = run.result
    const what = `zap, ${order}`
    const perZap = (run.commands - beats) / zaps
    report.atMost(`Redis commands per ${what}`, perZap, mostCommands, "commands")
    report.row(`${what}: commands of ${zaps}, heartbeats (${beats}) among them`, commandList(run))
    const p50 = median(firstBytes)
    report.row(
      `${what}: request to first byte`,
      `p50 ${figure(p50)} ms, p99 ${figure(quantile(firstBytes, 0.99))} ms`,
    )
    const [more, times] = [p50 - median(direct), p50 / median(direct)]
    report.row(`${what}: against the provider's p50`, `${figure(more)} ms more, ${figure(times)} times`)
    const { peak, refused } = await opened.zapConnections()
    report.row(
      `${what}: connections that the provider saw at once; refused`,
      `${peak}; ${refused}`,
      "1; 0",
      peak === 1 && refused === 0,
    )
    report.row(`${what}: without a picture`, `${failed} of ${zaps}`, "0", failed === 0)
  }
  // The last channel is kept for its grace. What is measured next is not to see its end.
  await eventually(
    () => opened.leasesOf("zap"),
    (leases) => leases === 0,
    graceMilliseconds,
  )
}

interface Zapped {
  /** Milliseconds. */
  firstBytes: number[]
  failed: number
}

async function zapAround(opened: AdmissionSystem, leavesFirst: boolean): Promise<Traffic<Zapped>> {
  const { edge, television, zapPath, zapSessions, gateway } = opened
  const urls = television.map((channel) => edge + zapPath(channel))
  if (urls.length < 2) throw new Error("there are no channels to zap through")
  const open = (number: number) => openPlayer(urls[number % urls.length] ?? "")
  let player = open(0)
  try {
    if ((await firstByteOf(player)) === null)
      throw new Error(`the first channel did not begin: ${why(player)}`)
    return await gateway.during(async () => {
      const zapped: Zapped = { firstBytes: [], failed: 0 }
      const deadline = performance.now() + longestMilliseconds
      for (let zap = 1; zap <= zaps; zap++) {
        if (performance.now() > deadline) throw new Error(`only ${zap} zaps in time`)
        if (leavesFirst) {
          await player.close()
          await eventually(zapSessions, (sessions) => sessions === 0, patienceMilliseconds)
        }
        const next = open(zap)
        const firstByte = await firstByteOf(next)
        // The old one is ended for it; a player closes its side then.
        await Promise.race([player.ended, delay(patienceMilliseconds, null, { ref: false })])
        await player.close()
        player = next
        if (firstByte !== null) zapped.firstBytes.push(firstByte)
        else if (++zapped.failed > mostFailures) throw new Error(`zaps fail: ${why(next)}`)
        await delay(pauseMilliseconds)
      }
      return zapped
    })
  } finally {
    await player.close()
  }
}

/** What the same channels take without us, on an account that has room for them. */
async function directFirstBytes({ television }: AdmissionSystem): Promise<number[]> {
  const times: number[] = []
  for (let number = 0; number < zaps; number++) {
    const player = openPlayer(television[number % television.length]?.providerUrl ?? "")
    try {
      const firstByte = await firstByteOf(player)
      if (firstByte === null) throw new Error(`the provider does not play: ${why(player)}`)
      times.push(firstByte)
    } finally {
      await player.close()
    }
  }
  return times
}

/** Milliseconds; null when none comes in time. */
function firstByteOf(player: Player): Promise<number | null> {
  return Promise.race([player.firstByte, delay(patienceMilliseconds, null, { ref: false })])
}

function why(player: Player): string {
  const { status, error } = player.report()
  return `${status} ${error ?? ""}`
}
