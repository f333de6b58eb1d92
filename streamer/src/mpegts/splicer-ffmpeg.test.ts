import { execFile, spawn } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { chunksOf, makeFeeds, type Recipe } from "./splice/splice-fixture.ts"
import { type SeamKind, Splicer } from "./splicer.ts"

const run = promisify(execFile)
const feeds = await makeFeeds(["plain", "moved", "wrapping", "crowded"])
let directory = ""

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tributary-spliced-"))
})
afterAll(() => rm(directory, { recursive: true }))

async function splice(seam: SeamKind, names: readonly (keyof typeof feeds)[]): Promise<string> {
  const splicer = new Splicer()
  const random = seededRandom(names.length)
  const out = names.flatMap((name, index) => {
    if (index > 0) splicer.seam(seam)
    return chunksOf(feeds[name], random).map((chunk) => Buffer.from(splicer.push(chunk, index * 7000)))
  })
  const file = join(directory, `${seam}-${names.join("-")}.ts`)
  await writeFile(file, Buffer.concat(out))
  return file
}

/** What ffmpeg complains about. */
async function complaints(file: string, ...more: readonly string[]): Promise<string> {
  const child = spawn("ffmpeg", ["-nostdin", "-v", "error", "-i", file, ...more, "-f", "null", "-"])
  const pieces: Buffer[] = []
  child.stderr.on("data", (piece: Buffer) => pieces.push(piece))
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once("close", resolve)
  const code = await promise
  return `${code} ${Buffer.concat(pieces).toString()}`
}

async function countFrames(file: string, stream: string): Promise<number> {
  const entries = ["-select_streams", stream, "-count_frames", "-show_entries", "stream=nb_read_frames"]
  const { stdout } = await run("ffprobe", ["-v", "error", ...entries, "-of", "csv=p=0", "-i", file])
  return Number.parseInt(stdout, 10)
}

const cases: [SeamKind, (keyof typeof feeds & Recipe)[]][] = [
  ["feed", ["plain", "moved"]],
  ["feed", ["moved", "wrapping", "plain"]],
  ["discontinuity", ["plain", "moved", "wrapping"]],
  ["discontinuity", ["crowded", "plain", "crowded"]],
]

describe.each(cases)("ffmpeg, given a stream of several by seams of kind %s (%s)", (seam, names) => {
  it("decodes every picture on the one stream it found at its start, and complains of nothing", async () => {
    const file = await splice(seam, names)
    expect(await countFrames(file, "v:0")).toBe(75 * names.length)
    expect(await complaints(file, "-map", "0:v", "-map", "0:a")).toBe("0 ")
  })

  it("copies it with times that only grow", async () => {
    expect(await complaints(await splice(seam, names), "-map", "0:v", "-map", "0:a", "-c", "copy")).toBe("0 ")
  })
})

describe("ffmpeg, given advertisements between", () => {
  it("decodes the sound without a hole", async () => {
    const file = await splice("discontinuity", ["plain", "wrapping", "plain"])
    const parts = await Promise.all(
      ["plain", "wrapping"].map(async (name) => {
        const part = join(directory, `${name}.ts`)
        await writeFile(part, feeds[name as "plain"])
        return countFrames(part, "a:0")
      }),
    )
    const [plain = 0, wrapping = 0] = parts
    expect(await countFrames(file, "a:0")).toBe(2 * plain + wrapping)
  })
})
