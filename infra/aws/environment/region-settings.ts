import { choice, text, wholeNumber } from "@tributary/shared/config/fields"
import { z } from "zod"
import { checkFargateSize } from "./fargate-size.ts"
import { settings } from "./settings-record.ts"

/** What a task may use. On GPU instances leave about 700 MiB of the machine to its system and the ECS agent. */
const taskSchema = settings({
  architecture: choice("arm64", "x86_64"),
  /** 1024 is one core. */
  cpu: wholeNumber(256),
  memoryMiB: wholeNumber(512),
  /** Of `/tmp`, where big programme guides wait for their import. Fargate gives 20 for nothing. */
  storageGiB: wholeNumber(20).max(200, "must be at most 200").default(20),
  /** `STREAMER_MAX_VIEWERS`: with so many it is full. 0: it takes as many as come. */
  maxViewers: wholeNumber(0).default(0),
})

const fargateSchema = settings({
  kind: z.literal("fargate"),
  /** Shares of the tasks by price. Spot tasks cost about a third, and may be stopped with two minutes' notice. */
  onDemandWeight: wholeNumber(0).default(1),
  spotWeight: wholeNumber(0).default(0),
})

const gpuSchema = settings({
  kind: z.literal("gpu"),
  /** With one GPU at least, such as `g4dn.xlarge`. Each carries one task. */
  instanceType: text().regex(/^[a-z0-9-]+\.[a-z0-9]+$/, "must be an instance type, like g4dn.xlarge"),
  /** A deployment needs as many again for a while as there are tasks. */
  maximumInstances: wholeNumber(1),
  /** For the system, images and every `/tmp`. */
  diskGiB: wholeNumber(30).default(60),
})

/** What one member of the edge's `FLEET` says about load; the edge scales by it. */
const loadSchema = settings({
  /** Tasks. With 0 the first request of a quiet time starts one. */
  minimum: wholeNumber(0),
  maximum: wholeNumber(1),
  viewersPerTask: wholeNumber(1),
  bitsPerSecondPerTask: wholeNumber(1),
  transcodesPerTask: wholeNumber(1),
})

const networkSchema = settings({
  cidr: text().regex(/^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-4])$/, "must be an IPv4 range from /16 to /24"),
  /** `dual-stack` gives tasks an IPv6 address too, for providers that have one. */
  addresses: choice("ipv4", "dual-stack").default("ipv4"),
})

/** One region of an environment. */
export const regionSchema = settings({
  /** Of this region in the edge's `FLEET`. */
  name: text(32).regex(/^[a-z0-9-]+$/, "must be lower-case letters, digits and -"),
  awsRegion: text().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region, like eu-central-1"),
  /** As Cloudflare's `cf.continent`: viewers of it are sent here first. */
  continent: choice("AF", "AN", "AS", "EU", "NA", "OC", "SA"),
  /** How many availability zones; the first ones that the account has. */
  zones: wholeNumber(2).max(4, "must be at most 4").default(2),
  network: networkSchema.default({ cidr: "10.90.0.0/20", addresses: "ipv4" }),
  capacity: z.discriminatedUnion("kind", [fargateSchema, gpuSchema], {
    error: 'must be an object whose kind is "fargate" or "gpu"',
  }),
  task: taskSchema,
  load: loadSchema,
}).superRefine(({ capacity, task, load }, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message })
  if (load.minimum > load.maximum) refuse(["load", "minimum"], `must be at most ${load.maximum}, the maximum`)
  if (task.maxViewers > 0 && load.viewersPerTask > task.maxViewers)
    refuse(["load", "viewersPerTask"], `must be at most ${task.maxViewers}, the task's maxViewers`)
  if (capacity.kind === "gpu") {
    // The machine image with NVIDIA's driver that ECS publishes for Amazon Linux 2023 is x86 only.
    if (task.architecture !== "x86_64") refuse(["task", "architecture"], 'must be "x86_64" with GPUs')
    if (load.maximum > capacity.maximumInstances)
      refuse(["load", "maximum"], `must be at most ${capacity.maximumInstances}, the instances there may be`)
    return
  }
  if (capacity.onDemandWeight + capacity.spotWeight === 0)
    refuse(["capacity", "onDemandWeight"], "must not be 0 while spotWeight is 0")
  const size = checkFargateSize(task.cpu, task.memoryMiB)
  if (!size.ok) refuse(["task"], size.message)
})

export type RegionSettings = z.output<typeof regionSchema>
export type FargateCapacity = z.output<typeof fargateSchema>
export type GpuCapacitySettings = z.output<typeof gpuSchema>
