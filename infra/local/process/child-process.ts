import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { OutputTail } from "./output-tail.ts"

/** How a child ended. `expected` is true when its owner asked for it. */
export type ChildExit = {
  code: number | null
  signal: NodeJS.Signals | null
  expected: boolean
  tail: string
  lastLine: string
}

/** A running child process in its own group. */
export type Child = {
  pid: number
  /** Resolves, never rejects, when the child and everything in its group is gone. */
  exited: Promise<ChildExit>
  /** SIGTERM, then SIGKILL after the deadline. Idempotent. */
  close(): Promise<ChildExit>
  /** SIGKILL now. Idempotent. */
  destroy(): Promise<ChildExit>
}

export type StartChildResult =
  | { kind: "started"; child: Child }
  | { kind: "missing"; program: string }
  | { kind: "failed"; program: string; reason: string }

export type StartChildOptions = {
  program: string
  arguments: readonly string[]
  cwd: string
  /** How long `close()` waits for a voluntary end. */
  closeDeadlineMs: number
  environment?: NodeJS.ProcessEnv
  /** Every line it writes, as it comes. */
  onLine?: (from: "stdout" | "stderr", line: string) => void
}

const TAIL_LENGTH = 8192

/** Starts a program in its own process group, so that a terminal's Ctrl-C reaches only its owner. */
export async function startChild(options: StartChildOptions): Promise<StartChildResult> {
  const { program } = options
  const child = spawn(program, options.arguments, {
    cwd: options.cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.environment === undefined ? {} : { env: options.environment }),
  })
  const tail = new OutputTail(TAIL_LENGTH)
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name].setEncoding("utf8")
    stream.on("data", (chunk: string) => tail.push(chunk))
    const { onLine } = options
    if (onLine !== undefined) createInterface(stream).on("line", (line) => onLine(name, line))
  }
  try {
    await once(child, "spawn")
  } catch (error) {
    return describeSpawnFailure(program, error)
  }

  const pid = child.pid as number
  let expected = false
  const exited = new Promise<ChildExit>((resolve) => {
    // Whatever the child leaves behind would hold its output open, and "close" would never come.
    child.once("exit", () => signalGroup(pid, "SIGKILL"))
    child.once("close", (code, signal) => {
      resolve({ code, signal, expected, tail: tail.text(), lastLine: tail.lastLine() })
    })
  })
  const isRunning = () => child.exitCode === null && child.signalCode === null

  const end = (signal: NodeJS.Signals) => {
    if (isRunning()) {
      expected = true
      signalGroup(pid, signal)
    }
    return exited
  }
  const close = async () => {
    const deadline = setTimeout(() => end("SIGKILL"), options.closeDeadlineMs)
    const exit = await end("SIGTERM")
    clearTimeout(deadline)
    return exit
  }
  return { kind: "started", child: { pid, exited, close, destroy: () => end("SIGKILL") } }
}

function describeSpawnFailure(program: string, error: unknown): StartChildResult {
  const { code, message } = error as NodeJS.ErrnoException
  return code === "ENOENT" ? { kind: "missing", program } : { kind: "failed", program, reason: message }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // The group has gone by itself, which is what a signal wants.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}
