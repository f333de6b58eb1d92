import { expect, it } from "vitest"
import { playbackOf, reportOf, viewer } from "../streams-api/stream-fixture.ts"
import { lookAtTraffic } from "./look-at-traffic.ts"
import type { Total } from "./total-meter.ts"

const watching = (bytesSent: number) => ({ bytesSent, moves: 0, destroy: () => undefined })
const watcher = (isRelay: boolean) => ({ session: "s", viewer: null, isRelay, requestedAt: 0 })

it("counts what providers send and players are given; what streamers give each other is counted by one of them", () => {
  const [player, relay, remote] = [watching(700), watching(900), watching(50)]
  const own = {
    report: () => reportOf({ bytesReceived: 1_000, bytesSent: 99_999 }),
    viewers: new Map([
      [player, watcher(false)],
      [relay, watcher(true)],
    ]),
  }
  const relayed = {
    report: () => reportOf({ id: "102", bytesReceived: 2_000, relay: "s2" }),
    viewers: new Map([[remote, watcher(false)]]),
  }
  const closing = { report: () => reportOf({ state: "closing", bytesReceived: 10 }), viewers: new Map() }
  const live = new Map([
    ["101", own],
    ["102", relayed],
    ["103", closing],
  ])
  const film = playbackOf({ bytesReceived: 30, bytesSent: 20, viewers: [viewer("one"), viewer("one")] })
  const idle = playbackOf({ id: "x", state: "idle", viewers: [], bytesReceived: 3, bytesSent: 2 })
  const { received, sent, viewers, streams } = lookAtTraffic({ live, vod: { reports: () => [film, idle] } })
  const counted = (totals: readonly Total[]) =>
    totals.flatMap(({ carrier, bytes, isCounted }) => (isCounted ? [[carrier, bytes]] : []))
  expect(counted(received)).toEqual([
    [own, 1_000],
    [closing, 10],
    [expect.stringContaining(film.id), 30],
    [expect.stringContaining("x"), 3],
  ])
  expect(counted(sent)).toEqual([
    [player, 700],
    [remote, 50],
    [expect.stringContaining(film.id), 20],
    [expect.stringContaining("x"), 2],
  ])
  expect({ viewers, streams }).toEqual({ viewers: 3, streams: 4 })
})
