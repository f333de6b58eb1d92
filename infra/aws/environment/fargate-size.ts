/** Whether Fargate has tasks of this size. */
export type FargateSize = { ok: true } | { ok: false; message: string }

const steps = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step)

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
const memoryOfCpu = new Map<number, readonly number[]>([
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16_384, 1024)],
  [4096, steps(8192, 30_720, 1024)],
  [8192, steps(16_384, 61_440, 4096)],
  [16_384, steps(32_768, 122_880, 8192)],
])

/** `cpu` is in units of 1/1024 core, `memoryMiB` in MiB. What is refused is told with what Fargate has. */
export function checkFargateSize(cpu: number, memoryMiB: number): FargateSize {
  const memory = memoryOfCpu.get(cpu)
  if (memory === undefined)
    return { ok: false, message: `cpu ${cpu} is none of Fargate's: ${[...memoryOfCpu.keys()].join(", ")}` }
  if (memory.includes(memoryMiB)) return { ok: true }
  const message = `memoryMiB ${memoryMiB} is none of Fargate's for cpu ${cpu}: ${memory.join(", ")}`
  return { ok: false, message }
}
