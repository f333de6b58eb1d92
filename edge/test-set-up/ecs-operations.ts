import type { EcsServiceSet, EcsState } from "./ecs-state.ts"

/** What ECS answers: a status, and JSON that names errors in `__type`. */
export interface EcsAnswer {
  status: number
  body: Record<string, unknown>
}

type Input = Record<string, unknown>

/** An error as AWS's JSON 1.1 protocol has it. */
export function ecsError(type: string, message: string, status = 400): EcsAnswer {
  return { status, body: { __type: type, message } }
}

const ok = (body: Record<string, unknown>): EcsAnswer => ({ status: 200, body })

/** The four operations that the edge uses, on what tests have set (Amazon ECS API reference). */
export function runOperation(state: EcsState, operation: string, input: Input): EcsAnswer {
  if (input.cluster !== state.cluster) return ecsError("ClusterNotFoundException", "Cluster not found.")
  switch (operation) {
    case "DescribeServices":
      return describeServices(state, input)
    case "ListTasks":
      return listTasks(state, input)
    case "DescribeTasks":
      return describeTasks(state, input)
    case "UpdateService":
      return updateService(state, input)
    default:
      return ecsError("UnknownOperationException", "")
  }
}

function describeServices(state: EcsState, input: Input): EcsAnswer {
  const services: Record<string, unknown>[] = []
  const failures: Record<string, unknown>[] = []
  for (const name of input.services as string[]) {
    const service = state.services[name]
    if (service === undefined) failures.push({ arn: arn(state, "service", name), reason: "MISSING" })
    else services.push(described(state, name, service))
  }
  return ok({ services, failures })
}

function described(state: EcsState, name: string, service: EcsServiceSet) {
  return {
    serviceArn: arn(state, "service", name),
    serviceName: name,
    status: service.status,
    desiredCount: service.desired,
    runningCount: service.tasks.length,
    pendingCount: Math.max(0, service.desired - service.tasks.length),
    deployments: service.deployments.map((id, at) => ({
      id,
      status: at === 0 ? "PRIMARY" : "ACTIVE",
      taskDefinition: `arn:aws:ecs:${state.region}:123456789012:task-definition/streamer:${at + 1}`,
    })),
    createdAt: 1_790_000_000.123,
  }
}

function listTasks(state: EcsState, input: Input): EcsAnswer {
  const service = state.services[String(input.serviceName)]
  if (service === undefined) return ecsError("ServiceNotFoundException", "Service not found.")
  const from = Number(input.nextToken ?? 0)
  const to = from + state.tasksPerPage
  const page = service.tasks.slice(from, to).map(({ id }) => arn(state, "task", id))
  return ok({ taskArns: page, ...(to < service.tasks.length ? { nextToken: String(to) } : {}) })
}

function describeTasks(state: EcsState, input: Input): EcsAnswer {
  const all = Object.values(state.services).flatMap(({ tasks }) => tasks)
  const asked = new Set(input.tasks as string[])
  if (asked.size > 100)
    return ecsError("InvalidParameterException", "Tasks cannot have more than 100 elements")
  const tasks = all
    .map(({ id, startedBy }) => ({ taskArn: arn(state, "task", id), startedBy, lastStatus: "RUNNING" }))
    .filter(({ taskArn }) => asked.has(taskArn))
  return ok({ tasks, failures: [] })
}

function updateService(state: EcsState, input: Input): EcsAnswer {
  const name = String(input.service)
  const service = state.services[name]
  if (service === undefined) return ecsError("ServiceNotFoundException", "Service not found.")
  service.desired = Number(input.desiredCount)
  return ok({ service: described(state, name, service) })
}

function arn({ region, cluster }: EcsState, kind: string, name: string): string {
  return `arn:aws:ecs:${region}:123456789012:${kind}/${cluster}/${name}`
}
