import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { median } from "../statistics.ts"

const program = fileURLToPath(new URL("bare-loop.ts", import.meta.url))
const rounds = 3

/** Seconds that a process needs to do nothing but read a list; the median of some runs. */
export async function bareLoopSeconds(url: string): Promise<number> {
  const all: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, url])
    all.push((JSON.parse(stdout) as { seconds: number }).seconds)
  }
  return median(all)
}
