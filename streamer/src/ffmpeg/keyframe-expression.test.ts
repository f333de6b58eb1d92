import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { type KeyframePlan, keyframeExpression } from "./keyframe-expression.ts"

const run = promisify(execFile)

/** Seconds of the keyframes that ffmpeg makes of 7 s of pictures, 25 a second. */
async function keyframes(plan: KeyframePlan | null): Promise<number[]> {
  const { stdout } = await run("sh", [
    "-c",
    'ffmpeg -v error -f lavfi -i "color=s=32x32:r=25:d=7" -c:v libx264 -sc_threshold 0 -bf 0 -force_key_frames "$0" -f mpegts -muxdelay 0 -muxpreload 0 - | ffprobe -v error -show_entries packet=pts_time,flags -of csv=p=0 -',
    `expr:${keyframeExpression(plan)}`,
  ])
  return stdout.split("\n").flatMap((line) => (line.includes("K") ? [Number(line.split(",")[0])] : []))
}

it("has keyframes each two seconds from the first picture on, where no places are known", async () => {
  expect(await keyframes(null)).toEqual([0, 2, 4, 6])
})

it("has keyframes at the places, wherever between them the first picture is", async () => {
  expect(await keyframes({ phase: 0, resume: null })).toEqual([0, 2, 4, 6])
  expect(await keyframes({ phase: 0.72, resume: null })).toEqual([0, 1.28, 3.28, 5.28])
})

it("has one more where another run's output can be followed, and then again at the places", async () => {
  expect(await keyframes({ phase: 0.72, resume: 2.04 })).toEqual([0, 1.28, 2.04, 3.28, 5.28])
})
