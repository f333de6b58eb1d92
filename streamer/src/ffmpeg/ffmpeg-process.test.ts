import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { FfmpegProcess } from "./ffmpeg-process.ts"
import { deathGuard, spawnFfmpeg } from "./spawn-ffmpeg.ts"

vi.setConfig({ testTimeout: 20_000 })

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it("tells the exit code, and the end of what was said", async () => {
  const script = `i=0; while [ $i -lt 2000 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 7`
  const end = await new FfmpegProcess(spawnFfmpeg(["-c", script], "sh"), 1, () => undefined).gone
  expect(end).toMatchObject({ code: "failed", detail: "7: line 1999", signal: null })
  expect("stderr" in end && end.stderr.length).toBeLessThanOrEqual(2_000)
})

it("tells a signal from an exit", async () => {
  const child = new FfmpegProcess(spawnFfmpeg(["-c", "kill -SEGV $$"], "sh"), 1, () => undefined)
  expect(await child.gone).toMatchObject({ code: "failed", signal: "SIGSEGV" })
})

it("stops what the child itself started", async () => {
  let output = ""
  const child = new FfmpegProcess(spawnFfmpeg(["-c", "sleep 60 & echo $!; wait"], "sh"), 1, (chunk) => {
    output += chunk.toString()
  })
  await until("the grandchild is known", () => output.includes("\n"))
  expect(await child.stop()).toEqual({ code: "stopped" })
  await until("the grandchild is gone", () => !isRunning(Number(output)))
})

it.skipIf(deathGuard().length === 0)("leaves no stuck ffmpeg behind when its owner is killed", async () => {
  const module = JSON.stringify(new URL("./spawn-ffmpeg.ts", import.meta.url).href)
  const script = `
    import { spawnFfmpeg } from ${module}
    const child = spawnFfmpeg(["-v", "error", "-f", "mpegts", "-i", "pipe:0", "-f", "null", "-"])
    setTimeout(() => { process.kill(child.pid, "SIGSTOP"); console.log(child.pid) }, 300)
    setInterval(() => undefined, 1_000)`
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const [line] = (await once(owner.stdout, "data")) as [Buffer]
  const pid = Number(line.toString())
  expect(isRunning(pid)).toBe(true)
  owner.kill("SIGKILL")
  await until("ffmpeg is gone", () => !isRunning(pid))
})
