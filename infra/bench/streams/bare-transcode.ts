import type { spawn } from "node:child_process"
import { request } from "node:http"
import { onCore } from "./cores.ts"

/** An ffmpeg that is given a live channel through a pipe, and whose output is thrown away. */
export interface BareTranscode {
  pid: number
  /** From its start on; rejects when it ends before. */
  firstByteMilliseconds: Promise<number>
  close: () => Promise<void>
}

/** Starts it with these arguments, and a connection of its own to the provider whose bytes it gets as they come. */
export function startBareTranscode({
  args,
  url,
  core,
  spawn: start,
}: {
  args: readonly string[]
  url: string
  core: number | null
  spawn: typeof spawn
}): BareTranscode {
  const from = performance.now()
  const command = onCore(core, "ffmpeg", args)
  const child = start(command.program, command.arguments, { stdio: ["pipe", "pipe", "inherit"] })
  const first = Promise.withResolvers<number>()
  first.promise.catch(() => undefined)
  child.stdout?.on("data", () => first.resolve(performance.now() - from))
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()))
  void gone.then(() => first.reject(new Error("the bare ffmpeg ended")))
  child.stdin?.on("error", () => undefined)
  const asked = request(url, (answer) => {
    if (child.stdin !== null) answer.pipe(child.stdin)
    answer.on("error", () => undefined)
  })
  asked.on("error", (error) => first.reject(error))
  asked.end()
  return {
    pid: child.pid ?? 0,
    firstByteMilliseconds: first.promise,
    close: async () => {
      asked.destroy()
      child.kill("SIGKILL")
      await gone
    },
  }
}
