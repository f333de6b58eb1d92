// Our verdicts beside those of another checker, which is no part of this project: it lies beside the
// checkout where the project is developed, and users do not have it.
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { NULL_PID } from "./packet.ts"
import { type PlayReport, play } from "./play.ts"
import { breakAtRandom, quietIndexes } from "./test-support/break-at-random.ts"
import {
  breakSync,
  delay,
  drop,
  edit,
  garbage,
  insert,
  join,
  markError,
  markScrambled,
  nullPacket,
  packetsOf,
  repeat,
} from "./test-support/break-packets.ts"
import { buildPat, buildPmt, packetise, pesPacket } from "./test-support/build-tables.ts"
import { makeSubject, nth } from "./test-support/check-whole.ts"
import {
  type Answer,
  type Chunking,
  cutOff,
  redirectTo,
  startLoopback,
  whole,
} from "./test-support/loopback.ts"
import { canEncodeHevc, type Kind, makeStream } from "./test-support/make-stream.ts"
import { seededRandom } from "./test-support/seeded-random.ts"
import { shiftTimes } from "./test-support/shift-times.ts"

const OTHER = fileURLToPath(new URL("../../../../shared/tools/tscheck.mjs", import.meta.url))
const RANDOM_STREAMS = 100
/** Two processes share two cores with everything else; a slow start must not look like a verdict. */
const TIME_TOLERANCE_MS = 400
const WRAP = 2 ** 33

const missing = !existsSync(OTHER)
if (missing) console.warn("skipped: the other checker is not beside this checkout")

const run = promisify(execFile)
const answers = new Map<string, Answer>()
let server: Awaited<ReturnType<typeof startLoopback>>

beforeAll(async () => {
  server = await startLoopback(answers)
})
afterAll(async () => await server.close())

/** Fields that hold the same value for the same bytes. */
const EQUAL = [
  ...["status", "contentType", "acceptRanges", "contentLength", "redirects", "ended", "error"],
  ...["bytes", "packets", "nullPackets", "tei", "scrambled", "streams"],
  ...["aligned", "syncLosses", "tablesFirst", "startsOnKeyframe", "keyframes"],
  ...["ccErrors", "ccErrorsByPid", "discontinuities", "pcrJumps", "ptsJumps"],
] as const
const CLOSE = ["firstByteMs", "keyframeMs", "maxGapMs", "seconds"] as const

type Verdict = Record<string, unknown>

async function askOther(url: string): Promise<Verdict> {
  // It exits 1 for a stream that it did not get, and still says why.
  const { stdout } = await run(process.execPath, [OTHER, url, "20"]).catch(
    (error: { stdout: string }) => error,
  )
  return JSON.parse(stdout)
}

async function askBoth(answer: Answer): Promise<{ ours: PlayReport; theirs: Verdict }> {
  const path = `/${answers.size}`
  answers.set(path, answer)
  answers.set(`${path}/redirect`, redirectTo(path))
  const url = `${server.url}${path}/redirect`
  const [ours, theirs] = await Promise.all([play(url, { seconds: 20 }), askOther(url)])
  return { ours, theirs }
}

const pickFields = (verdict: object, fields: readonly string[]): Verdict => {
  const all = new Map(Object.entries(verdict))
  return Object.fromEntries(fields.map((field) => [field, all.get(field)]))
}

function expectCloseTimes(ours: PlayReport, theirs: Verdict): void {
  for (const field of CLOSE) {
    const [mine, other] = [ours[field], theirs[field]]
    if (typeof mine !== "number" || typeof other !== "number") expect(mine, field).toBe(other)
    else {
      const tolerance = field === "seconds" ? TIME_TOLERANCE_MS / 1000 : TIME_TOLERANCE_MS
      expect(Math.abs(mine - other), `${field}: ${mine} and ${other}`).toBeLessThan(tolerance)
    }
  }
}

/** Asks both and expects one verdict, but for the fields whose difference is told. */
async function expectAgreement(
  answer: Answer,
  differences: { ours: Verdict; theirs: Verdict } | null = null,
) {
  const { ours, theirs } = await askBoth(answer)
  const told = Object.keys(differences?.ours ?? {})
  const fields = EQUAL.filter((field) => !told.includes(field))
  expect(pickFields(ours, fields)).toEqual(pickFields(theirs, fields))
  if (!told.includes("keyframeMs")) expectCloseTimes(ours, theirs)
  if (differences !== null) {
    expect(ours).toMatchObject(differences.ours)
    expect(theirs).toMatchObject(differences.theirs)
  }
  return ours
}

const ODD: Chunking = { sizes: [1, 187, 189, 1316, 4099, 65_536, 3] }

describe.skipIf(missing)("agreement with another checker", { timeout: 30_000 }, async () => {
  const { packets, video, audio, frames, keyframes } = await makeSubject()
  const hevc = await canEncodeHevc()
  const at = nth(keyframes, 2)
  const shifted = (ticks90kHz: number, what: "pcr" | "timestamps" | "both", announced: boolean) =>
    shiftTimes(packets, { from: at, ticks90kHz, what, announced })
  const start = packets.slice(0, nth(video, 0))

  it.each<Kind>(["h264", "mpeg2", "hevc", "audio"])("on good %s", async (kind) => {
    if (kind === "hevc" && !hevc) return console.warn("skipped: this ffmpeg has no libx265")
    await expectAgreement(whole(await makeStream(kind), ODD))
  })

  it.each([
    ["a lost packet", drop(packets, [nth(video, 50)])],
    ["packets lost on two PIDs", drop(packets, [nth(video, 50), nth(video, 60), nth(audio, 9)])],
    ["a duplicate", repeat(packets, nth(video, 50))],
    ["packets out of order", delay(packets, nth(video, 50), nth(video, 51))],
    ["null packets", insert(packets, 100, nullPacket(), nullPacket())],
    ["transport errors", markError(markError(packets, 40), 50)],
    ["scrambling", markScrambled(packets, 40)],
    ["no tables", packets.slice(nth(video, 0))],
    ["no PAT", drop(packets, [1])],
    ["no PMT", drop(packets, [2])],
    ["a start off a keyframe", [...start, ...packets.slice(nth(frames, 10))]],
    ["a PCR that jumps on", shifted(450_000, "pcr", false)],
    ["a PCR that jumps back", shifted(-45_000, "pcr", false)],
    ["a PCR that jumps, announced", shifted(450_000, "pcr", true)],
    ["timestamps that jump on", shifted(5_400_000, "timestamps", false)],
    ["timestamps that jump back", shifted(-180_000, "timestamps", false)],
    ["a new time base", shifted(-180_000, "both", false)],
    ["a new time base, announced", shifted(5_400_000, "both", true)],
    ["the wrap", shiftTimes(packets, { from: 0, ticks90kHz: WRAP - 300_000, what: "both" })],
  ])("on %s", async (_, broken) => {
    await expectAgreement(whole(join(broken), ODD))
  })

  it("on a broken sync byte and on garbage", async () => {
    const broken = insert(
      breakSync(packets, nth(quietIndexes(packets), 3)),
      nth(quietIndexes(packets), -3),
      garbage(500),
    )
    expect(await expectAgreement(whole(join(broken), ODD))).toMatchObject({ syncLosses: 2 })
  })

  it("on a start and an end in mid-packet", async () => {
    const cut = join(packets).subarray(nth(quietIndexes(packets), 2) * 188 + 90, -100)
    expect(await expectAgreement(whole(cut, ODD))).toMatchObject({ aligned: false, partialPacketBytes: 88 })
  })

  it("on a stall", async () => {
    const stalled = whole(join(packets), { ...ODD, stall: { at: 100_000, ms: 1000 } })
    const ours = await expectAgreement(stalled)
    expect(ours.maxGapMs).toBeGreaterThan(950)
  })

  it("on a connection that breaks", async () => {
    expect(await expectAgreement(cutOff(join(packets), ODD))).toMatchObject({ ended: "error" })
  })

  it("on a refusal", async () => {
    const refuse: Answer = (response) => {
      response.writeHead(503, { "content-type": "application/json" }).end('{"error":{"code":"no_capacity"}}')
    }
    expect(await expectAgreement(refuse)).toMatchObject({ ended: "status", status: 503 })
  })

  describe("but ours is stricter", () => {
    it("on a third copy: ISO 13818-1 2.4.3.3 allows two", async () => {
      await expectAgreement(whole(join(repeat(packets, nth(video, 50), 2)), ODD), {
        ours: { ccErrors: 1, ccErrorsByPid: { 256: 1 }, ccRepeatErrors: 1 },
        theirs: { ccErrors: 0, ccErrorsByPid: {} },
      })
    })

    it("on 16 lost packets, after which the counter stands as after a copy", async () => {
      await expectAgreement(whole(join(drop(packets, video.slice(50, 65))), ODD), {
        ours: { ccErrors: 1, ccErrorsByPid: { 256: 1 }, ccRepeatErrors: 1 },
        theirs: { ccErrors: 0, ccErrorsByPid: {} },
      })
    })

    it("on a copied keyframe, whose content comes once", async () => {
      await expectAgreement(whole(join(repeat(packets, nth(keyframes, 1))), ODD), {
        ours: { keyframes: 4, ccErrors: 0 },
        theirs: { keyframes: 5, ccErrors: 0 },
      })
    })

    it("on a jump over the wrap: the wrap is no excuse for it", async () => {
      const near = shiftTimes(packets, { from: 0, ticks90kHz: WRAP - 300_000, what: "both" })
      const jumped = shiftTimes(near, { from: nth(keyframes, 1), ticks90kHz: 1_800_000, what: "both" })
      await expectAgreement(whole(join(jumped), ODD), {
        ours: { pcrJumps: 1, ptsJumps: 1 },
        theirs: { pcrJumps: 0, ptsJumps: 0 },
      })
    })

    it("on a PMT of several packets: nothing can play before its last", async () => {
      const streams = Array.from({ length: 60 }, (_, index) => ({ pid: 0x101 + index, streamType: 0x0f }))
      const pmt = packetise(0x1000, 0, buildPmt({ programme: 1, pcrPid: NULL_PID, streams }))
      const pat = packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }]))
      const sound = pesPacket(0x101, 0, { dts90kHz: 0, data: [] })
      const early = join([...pat, ...pmt.slice(0, 1), sound, ...pmt.slice(1)])
      const { ours, theirs } = await askBoth(whole(early, ODD))
      expect(ours.tablesFirst).toBe(false)
      expect(theirs.tablesFirst).toBe(true)
      expect(Object.keys(ours.streams)).toHaveLength(60)
    })

    it("on a PMT with a wrong checksum, which no player may use", async () => {
      const damaged = edit(packets, 2, (packet) => void packet.writeUInt8(packet.readUInt8(17) ^ 1, 17))
      const { ours, theirs } = await askBoth(whole(join(damaged), ODD))
      expect(ours).toMatchObject({ tableCrcErrors: 1, tablesFirst: false })
      expect(theirs).toMatchObject({ tablesFirst: true })
    })

    it("on a keyframe whose parameter sets come late in the frame", async () => {
      const tables = [
        ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
        ...packetise(
          0x1000,
          0,
          buildPmt({ programme: 1, pcrPid: NULL_PID, streams: [{ pid: 0x100, streamType: 0x1b }] }),
        ),
      ]
      const head = pesPacket(0x100, 0, { dts90kHz: 0, data: [0, 0, 1, 0x06] })
      const tail = Buffer.alloc(188, 0xff)
      tail.set([0x47, 0x01, 0x00, 0x11, 0, 0, 1, 0x67])
      await expectAgreement(whole(join([...tables, head, tail]), ODD), {
        ours: { startsOnKeyframe: true, keyframes: 1, keyframeMs: expect.any(Number) },
        theirs: { startsOnKeyframe: false, keyframes: 0, keyframeMs: null },
      })
    })
  })

  it(`on ${RANDOM_STREAMS} streams broken at random`, { timeout: 60_000 }, async () => {
    const kinds: Kind[] = hevc ? ["h264", "mpeg2", "hevc", "audio"] : ["h264", "mpeg2", "audio"]
    // Far from 0, so that no shift crosses the wrap: a test of its own tells that difference.
    const far = { from: 0, ticks90kHz: 100_000_000, what: "both" } as const
    const streams = await Promise.all(
      kinds.map(async (kind) => shiftTimes(packetsOf(await makeStream(kind)), far)),
    )
    const seeds = Array.from({ length: RANDOM_STREAMS }, (_, index) => index + 1)

    async function compare(seed: number): Promise<string> {
      const random = seededRandom(seed)
      const { stream, story } = breakAtRandom(random.pick(streams), random)
      const sizes = Array.from({ length: 5 }, () => random.between(1, 20_000))
      const { ours, theirs } = await askBoth(whole(stream, { sizes }))
      // Counters that stand still, as told above.
      const lenient = { ...ours, ccErrors: ours.ccErrors - ours.ccRepeatErrors }
      const fields = ours.ccRepeatErrors === 0 ? EQUAL : EQUAL.filter((field) => field !== "ccErrorsByPid")
      const message = `seed ${seed}: ${story}`
      expect(pickFields(lenient, fields), message).toEqual(pickFields(theirs, fields))
      return JSON.stringify(pickFields(ours, EQUAL))
    }

    const verdicts = new Set<string>()
    async function worker(): Promise<void> {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
        verdicts.add(await compare(seed))
    }
    await Promise.all([worker(), worker()])
    // Equal verdicts would mean little if all the streams had the same faults.
    expect(verdicts.size).toBeGreaterThan(RANDOM_STREAMS / 2)
  })
})
