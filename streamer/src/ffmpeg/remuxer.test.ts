import { spawn } from "node:child_process"
import { once } from "node:events"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { remuxArguments } from "./remux-arguments.ts"
import { Remuxer, spawnFfmpeg } from "./remuxer.ts"

vi.setConfig({ testTimeout: 20_000 })

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("the arguments", () => {
  it.each(["mp4", "aac", "mp3"] as const)("copy %s from one pipe into MPEG-TS on the other", (input) => {
    const text = remuxArguments([input]).join(" ")
    expect(text).toContain(`-f ${input} -i pipe:0`)
    expect(text).toMatch(/-c copy .*-f mpegts pipe:1$/)
  })
})

it("joins the picture of one pipe and the sound of another, their times as they are", () => {
  const text = remuxArguments(["mpegts", "mp4"]).join(" ")
  expect(text).toMatch(/-copyts .*-f mpegts -i pipe:0 .*-f mp4 -i pipe:3 -map 0:v:0 -map 1:a:0 -c copy/)
})

describe("a remuxer", () => {
  it("tells with what ffmpeg failed", async () => {
    const remuxer = new Remuxer(["mp4"], () => undefined)
    remuxer.write(Buffer.from("this is no MP4 at all, and long enough to be looked at"))
    const end = await remuxer.end()
    expect(end.code).toBe("failed")
    expect("detail" in end && end.detail).toMatch(/\w/)
  })

  it("tells when there is no ffmpeg, and takes what is written then", async () => {
    const remuxer = new Remuxer(
      ["mp4"],
      () => undefined,
      (args) => spawnFfmpeg(args, "no-such-ffmpeg"),
    )
    remuxer.write(Buffer.alloc(100_000))
    expect(await remuxer.gone).toMatchObject({ code: "failed" })
    await remuxer.flushed()
    expect((await remuxer.stop()).code).toBe("failed")
  })

  it("is gone when it is stopped, as often as it is", async () => {
    let pid = 0
    const remuxer = new Remuxer(
      ["mp4"],
      () => undefined,
      (args) => {
        const child = spawnFfmpeg(args)
        pid = child.pid ?? 0
        return child
      },
    )
    expect(isRunning(pid)).toBe(true)
    expect(await Promise.all([remuxer.stop(), remuxer.stop()])).toEqual([
      { code: "stopped" },
      { code: "stopped" },
    ])
    expect(isRunning(pid)).toBe(false)
  })

  it("ends with the process that it belongs to, however that dies", async () => {
    const script = `
      import { Remuxer, spawnFfmpeg } from ${JSON.stringify(new URL("./remuxer.ts", import.meta.url).href)}
      new Remuxer(["mp4"], () => undefined, (args) => {
        const child = spawnFfmpeg(args)
        console.log(child.pid)
        return child
      })
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
})
