import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import type { Readable, Writable } from "node:stream"

/** A child whose standard streams are pipes; behind them there may be a second input, descriptor 3. */
export type FfmpegChild = ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable }
export type SpawnFfmpeg = (args: string[]) => FfmpegChild

let guard: readonly string[] | null = null

/**
 * What is put before a command so that the kernel kills it with the process that started it (prctl(2),
 * PR_SET_PDEATHSIG), however that dies; nothing where util-linux is not there. BusyBox's setpriv cannot do it.
 */
export function deathGuard(): readonly string[] {
  guard ??= canGuard() ? ["setpriv", "--pdeathsig", "KILL", "--"] : []
  return guard
}

const canGuard = () =>
  spawnSync("setpriv", ["--pdeathsig", "KILL", "--", "true"], { stdio: "ignore", timeout: 2_000 }).status ===
  0

/** In a group of its own, so that it and whatever it starts can be killed as one, and no signal for us reaches it. */
export function spawnFfmpeg(args: string[], program = "ffmpeg"): FfmpegChild {
  const [command = program, ...words] = [...deathGuard(), program, ...args]
  return spawn(command, words, { stdio: ["pipe", "pipe", "pipe", "pipe"], detached: true }) as FfmpegChild
}
