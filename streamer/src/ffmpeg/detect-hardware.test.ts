import { chmod, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { log } from "@tributary/shared/log/log"
import { afterEach, beforeEach, expect, it } from "vitest"
import { temporaryFolder } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { hardwareDetector } from "./detect-hardware.ts"
import { spawnFfmpeg } from "./spawn-ffmpeg.ts"

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

/** Stands for an ffmpeg: notes that it was called, then does what `body` says. */
async function program(body: string): Promise<string> {
  const path = join(folder.path, "ffmpeg")
  await writeFile(path, `#!/bin/sh\necho "$*" >> ${folder.path}/calls\n${body}\n`)
  await chmod(path, 0o755)
  return path
}
const calls = async () => (await readFile(join(folder.path, "calls"), "utf8")).trim().split("\n")
const detector = (ffmpeg: string, trialMilliseconds = 5_000) =>
  hardwareDetector({
    spawn: (args) => spawnFfmpeg(args, ffmpeg),
    devices: join(folder.path, "dri"),
    trialMilliseconds,
    logger: log("test", "transcode"),
  })

it("finds the encoder whose trial succeeds, with what it encodes, and tries once", async () => {
  await mkdir(join(folder.path, "dri"))
  await writeFile(join(folder.path, "dri", "renderD128"), "")
  await writeFile(join(folder.path, "dri", "card0"), "")
  const detect = detector(await program('case "$*" in *h264_vaapi*) exit 0 ;; *) exit 1 ;; esac'))
  const expected = { kind: "vaapi", device: join(folder.path, "dri", "renderD128"), codecs: ["h264"] }
  expect(await Promise.all([detect(), detect()])).toEqual([expected, expected])
  expect(await calls()).toHaveLength(4)
})

it("goes on without hardware when a trial hangs", async () => {
  const detect = detector(await program("sleep 60"), 200)
  expect(await detect()).toBeNull()
})

it("finds none where there is none", async () => {
  expect(await detector("ffmpeg")()).toBeNull()
  expect(await detector("no-such-ffmpeg")()).toBeNull()
})
