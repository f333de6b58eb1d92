import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs"

/** Of a process, as Linux counts it. Bytes and seconds. */
export interface ProcessUse {
  residentBytes: number
  /** The most that it ever was. */
  peakBytes: number
  /** Of all of its threads, in user and kernel mode; in steps of 10 ms. */
  cpuSeconds: number
}

// USER_HZ, which is 100 on every Linux whatever its own clock.
const ticksPerSecond = 100

/** Throws when the process is gone. */
export function processUse(pid: number): ProcessUse {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  return { ...memoryIn(status), cpuSeconds: cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, "utf8")) }
}

/** Reads `/proc/{pid}/status`. */
export function memoryIn(status: string): { residentBytes: number; peakBytes: number } {
  const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1])
  return { residentBytes: kibibytes("VmRSS") * 1024, peakBytes: kibibytes("VmHWM") * 1024 }
}

/** Reads `/proc/{pid}/stat`: fields are counted behind the name, which may hold spaces and brackets. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The process's peak begins anew, with what is resident now. */
export function forgetPeak(pid: number): void {
  // Linux: "5" resets VmHWM (proc(5), clear_refs).
  writeFileSync(`/proc/${pid}/clear_refs`, "5")
}

/** Whether the process has a file open whose path begins so. */
export function hasOpen(pid: number, prefix: string): boolean {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(`${folder}/${name}`).startsWith(prefix)
    } catch {
      // It closed the file meanwhile.
      return false
    }
  })
}

/** Runs `work` and gives the most resident memory that the process had, and the CPU time that it took. */
export async function watchProcess<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ result: T; peakBytes: number; grownBytes: number; cpuSeconds: number }> {
  const before = processUse(pid)
  let peakBytes = before.residentBytes
  const look = () => {
    peakBytes = Math.max(peakBytes, processUse(pid).residentBytes)
  }
  const timer = setInterval(look, 20)
  try {
    const result = await work()
    look()
    const cpuSeconds = processUse(pid).cpuSeconds - before.cpuSeconds
    return { result, peakBytes, grownBytes: peakBytes - before.residentBytes, cpuSeconds }
  } finally {
    clearInterval(timer)
  }
}
