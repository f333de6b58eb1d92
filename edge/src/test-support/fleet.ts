import { env } from "cloudflare:workers"
import { type Bindings, readBindings } from "../bindings.ts"
import { type Edge, edgeOf } from "../edge.ts"
import type { Fleet } from "../fleet/fleet-config.ts"
import { registerStreamer } from "./store.ts"

/** As `FLEET` has one. */
export const fleet: Fleet = {
  ...{ name: "eu", continent: "EU", awsRegion: "eu-central-1", cluster: "tributary", service: "streamer" },
  ...{ minimum: 0, maximum: 20 },
  ...{ viewersPerTask: 100, bitsPerSecondPerTask: 1_000_000_000, transcodesPerTask: 4 },
}

/** The edge with these fleets, and with the stand-ins for ECS and for Cloudflare's API. */
export async function edgeWith(fleets: readonly object[], more: Partial<Bindings> = {}): Promise<Edge> {
  const config = readBindings({
    ...env,
    FLEET: JSON.stringify(fleets),
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "secret",
    CLOUDFLARE_API_TOKEN: "the-dns-token",
    CLOUDFLARE_ZONE_ID: "the-zone",
    STREAMER_DOMAIN: "streams.tv.example",
    ...more,
  })
  return { ...(await edgeOf(env)), config }
}

interface TestTask {
  id: string
  startedBy?: string
}

interface TestService {
  desired: number
  status?: "ACTIVE" | "INACTIVE"
  /** The first one is the newest. */
  deployments?: string[]
  tasks?: TestTask[]
}

/** What ECS has and how it fails, from now on; its calls are forgotten. */
export async function setEcs(
  services: Record<string, TestService>,
  { fault, ...more }: { fault?: string; operation?: string; tasksPerPage?: number; region?: string } = {},
): Promise<void> {
  const { operation = null, ...rest } = more
  const set = Object.entries(services).map(([name, service]) => {
    const { status = "ACTIVE", deployments = ["ecs-svc/1"], tasks = [] } = service
    const started = tasks.map((task) => ({ startedBy: deployments[0], ...task }))
    return [name, { ...service, status, deployments, tasks: started }]
  })
  await put(`${env.ECS_ENDPOINT}/state`, {
    services: Object.fromEntries(set),
    fault: fault === undefined ? null : { kind: fault, operation },
    ...rest,
  })
}

/** The desired count of a service of ECS. */
export async function ecsDesired(service = "streamer"): Promise<number | undefined> {
  const state = await read<{ services: Record<string, { desired: number }> }>(`${env.ECS_ENDPOINT}/state`)
  return state.services[service]?.desired
}

/** The operations that ECS was asked for since it was set. */
export async function ecsCalls(): Promise<string[]> {
  return (await read<{ operation: string }[]>(`${env.ECS_ENDPOINT}/calls`)).map(({ operation }) => operation)
}

export const taskArn = (id: string) => `arn:aws:ecs:eu-central-1:123456789012:task/tributary/${id}`

/** Registers the streamer of a task, by the name `streamer-{task}`. */
export function registerTask(
  id: string,
  carries: { viewers?: number; films?: number; transcodes?: number; bits?: number; draining?: boolean } = {},
): Promise<void> {
  const { viewers = 0, films = 0, transcodes = 0, bits = viewers * 5_000_000, draining = false } = carries
  return registerStreamer(`streamer-${id}`, {
    ...{ viewers, draining, task: taskArn(id) },
    load: { bitsPerSecondOut: bits, transcodes, films },
  })
}

interface TestRecord {
  name: string
  comment?: string | null
  /** Seconds since it was made and changed last. */
  age?: number
}

/** The records of the zone and how Cloudflare fails, from now on; its calls are forgotten. */
export async function setDns(
  records: readonly TestRecord[],
  { fault, method, ...more }: { fault?: string; method?: string; recordsPerPage?: number } = {},
): Promise<void> {
  await put(`${env.CLOUDFLARE_API_URL}/state`, {
    records: records.map(({ name, comment = "tributary streamer", age = 3_600 }, at) => {
      const time = new Date(Date.now() - age * 1_000).toISOString()
      return {
        ...{ id: `record-${at}`, type: "A", name, content: "203.0.113.7", comment },
        ...{ created_on: time, modified_on: time },
      }
    }),
    fault: fault === undefined ? null : { kind: fault, method: method ?? null },
    ...more,
  })
}

/** The names of the records that the zone has. */
export async function dnsNames(): Promise<string[]> {
  const state = await read<{ records: { name: string }[] }>(`${env.CLOUDFLARE_API_URL}/state`)
  return state.records.map(({ name }) => name)
}

/** The calls that Cloudflare's API got since it was set: method and path. */
export function dnsCalls(): Promise<string[]> {
  return read(`${env.CLOUDFLARE_API_URL}/calls`)
}

async function put(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, { method: "PUT", body: JSON.stringify(body) })
  await answer.body?.cancel()
}

async function read<Value>(url: string): Promise<Value> {
  return (await fetch(url)).json()
}
