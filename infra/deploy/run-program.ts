import { spawn } from "node:child_process"

export interface RanProgram {
  /** null: it could not be started, or a signal ended it. */
  code: number | null
  stdout: string
  /** Both outputs as they came, for errors. */
  output: string
}

/** Runs a program of the path to its end; never rejects. */
export type RunProgram = (program: string, words: readonly string[], cwd: string) => Promise<RanProgram>

/** Without a standard input, so that no program waits for an answer. */
export const runProgram: RunProgram = (program, words, cwd) =>
  new Promise((resolve) => {
    const child = spawn(program, words, { cwd, stdio: ["ignore", "pipe", "pipe"] })
    let stdout = ""
    let output = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text
    })
    child.once("error", (error) => resolve({ code: null, stdout, output: error.message }))
    child.once("close", (code) => resolve({ code, stdout, output }))
  })
