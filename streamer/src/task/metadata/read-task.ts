import { isIPv4 } from "node:net"
import { z } from "zod"
import { type Ask, askPatiently, type Patience } from "./ask-patiently.ts"

/** The ECS task that this process runs in. */
export interface Task {
  arn: string
  /** Public IPv4; null: the metadata does not tell, as for tasks with an elastic network interface of their own. */
  address: string | null
}

export type TaskResult = { ok: true; task: Task } | { ok: false; message: string }

// Of the answer to `/task` (task metadata endpoint version 4), what is used here.
const taskSchema = z.object({
  TaskARN: z.string().startsWith("arn:"),
  Containers: z
    .array(
      z.object({ Networks: z.array(z.object({ IPv4Addresses: z.array(z.string()).nullish() })).nullish() }),
    )
    .default([]),
})

/** Asks the agent of the task's host; `uri` is what ECS gives as ECS_CONTAINER_METADATA_URI_V4. */
export async function readTask(ask: Ask, uri: string, patience?: Patience): Promise<TaskResult> {
  const answer = await askPatiently(ask, `${uri}/task`, patience)
  if (!answer.ok) return { ok: false, message: `ECS_CONTAINER_METADATA_URI_V4: ${answer.message}` }
  const parsed = taskSchema.safeParse(parseJson(answer.text))
  if (!parsed.success)
    return { ok: false, message: "ECS_CONTAINER_METADATA_URI_V4: what answers there does not name a task" }
  const addresses = parsed.data.Containers.flatMap(({ Networks }) =>
    (Networks ?? []).flatMap(({ IPv4Addresses }) => IPv4Addresses ?? []),
  )
  return { ok: true, task: { arn: parsed.data.TaskARN, address: addresses.find(isPublic) ?? null } }
}

/** Whether others reach it: not of a private, shared, link-local or loopback network (RFC 6890). */
export function isPublic(address: string): boolean {
  if (!isIPv4(address)) return false
  const [first = 0, second = 0] = address.split(".").map(Number)
  if (first === 0 || first === 10 || first === 127 || first >= 224) return false
  if (first === 100 && second >= 64 && second < 128) return false
  if (first === 169 && second === 254) return false
  if (first === 172 && second >= 16 && second < 32) return false
  return !(first === 192 && second === 168)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
