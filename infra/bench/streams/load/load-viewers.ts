// The load generator: many viewers in one process, which is told what to do by the one that forked it. To look at a
// server by hand (prints one line of JSON; the first second is not counted):
//   node infra/bench/streams/load/load-viewers.ts PORT PATH VIEWERS SECONDS
import { setTimeout as delay } from "node:timers/promises"
import { processUse } from "../../process-use.ts"
import type { LoadAnswer, LoadOrder, LoadTarget } from "./load-messages.ts"
import { type LoadReport, loadReport, type ViewerCount } from "./load-report.ts"
import { ViewerSocket } from "./viewer-socket.ts"

// Fewer than a server's queue of connections holds (Node's: 511), so that none has to be tried again.
const connectingAtOnce = 64

let viewers: ViewerSocket[] = []

/** Resolves when every viewer has its first byte or has lost its connection, or when they had their time for it. */
async function open({ host, port, paths, viewers: wanted, patienceSeconds }: LoadTarget): Promise<void> {
  const settled = Promise.withResolvers<void>()
  const timer = setTimeout(() => settled.resolve(), patienceSeconds * 1000)
  let [opened, waiting] = [0, wanted]
  const openNext = () => {
    if (opened === wanted) return
    const path = paths[opened++ % paths.length] ?? "/"
    let isWaiting = true
    const settle = () => {
      if (!isWaiting) return
      isWaiting = false
      if (--waiting === 0) settled.resolve()
    }
    const onGone = () => {
      settle()
      openNext()
    }
    viewers.push(
      new ViewerSocket({ host, port, path }, { onConnected: openNext, onFirstByte: settle, onGone }),
    )
  }
  for (let count = 0; count < connectingAtOnce; count++) openNext()
  await settled.promise
  clearTimeout(timer)
}

async function measure(seconds: number, pids: readonly number[]): Promise<LoadReport> {
  const counts = (): ViewerCount[] =>
    viewers.map(({ bytes, status, firstByteMs, isGone }) => ({ bytes, status, firstByteMs, isGone }))
  const look = () => ({
    at: performance.now(),
    counts: counts(),
    own: process.cpuUsage(),
    servers: pids.map((pid) => processUse(pid).cpuSeconds),
  })
  const before = look()
  await delay(seconds * 1000)
  const after = look()
  const own = process.cpuUsage(before.own)
  return loadReport(before.counts, after.counts, {
    seconds: (after.at - before.at) / 1000,
    ownCpuSeconds: (own.user + own.system) / 1e6,
    serverCpuSeconds: after.servers.map((cpu, index) => cpu - (before.servers[index] ?? 0)),
  })
}

async function close(): Promise<void> {
  const gone = viewers.filter(({ isGone }) => !isGone)
  for (const viewer of gone) viewer.close()
  while (gone.some(({ isGone }) => !isGone)) await delay(5)
  viewers = []
}

async function obey(order: LoadOrder): Promise<LoadAnswer> {
  switch (order.kind) {
    case "open":
      await open(order)
      return { kind: "done" }
    case "measure":
      return { kind: "report", report: await measure(order.seconds, order.pids) }
    case "close":
      await close()
      return { kind: "done" }
  }
}

if (process.send === undefined) {
  const [port, path = "/", count, seconds] = process.argv.slice(2)
  if (!(Number(port) > 0 && Number(count) > 0 && Number(seconds) > 0)) {
    console.error("load-viewers.ts PORT PATH VIEWERS SECONDS")
    process.exit(2)
  }
  const target = { host: "127.0.0.1", port: Number(port), paths: [path], viewers: Number(count) }
  await open({ ...target, patienceSeconds: 10 })
  await delay(1000)
  console.log(JSON.stringify(await measure(Number(seconds), [])))
  await close()
} else {
  process.on("disconnect", () => process.exit(0))
  process.on("message", (order: LoadOrder) => {
    const answer = obey(order).catch((error: unknown): LoadAnswer => ({ kind: "failed", why: String(error) }))
    void answer.then((said) => process.send?.(said))
  })
}
