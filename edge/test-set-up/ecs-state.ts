/** A task as tests set it. */
export interface EcsTask {
  /** Of its ARN, the part that names it. */
  id: string
  /** The deployment that started it. */
  startedBy: string
}

/** A service as tests set it. The deployments' first one is the newest. */
export interface EcsServiceSet {
  desired: number
  status: "ACTIVE" | "INACTIVE"
  deployments: string[]
  tasks: EcsTask[]
}

/** How ECS fails from now on; `operation`: only in this call. */
export interface EcsFault {
  kind: "throttled" | "hang" | "refused" | "internal" | "cluster_missing" | "not_json"
  operation: string | null
}

/** All that the stand-in for ECS knows: tests put it as a whole. */
export interface EcsState {
  region: string
  cluster: string
  services: Record<string, EcsServiceSet>
  /** Of the user whose calls are taken. */
  accessKeyId: string
  /** What ListTasks gives at once. */
  tasksPerPage: number
  fault: EcsFault | null
}

/** A call that it got. */
export interface EcsCall {
  operation: string
  input: Record<string, unknown>
}

export const emptyEcs: EcsState = {
  region: "eu-central-1",
  cluster: "tributary",
  services: {},
  accessKeyId: "AKIATEST",
  tasksPerPage: 100,
  fault: null,
}
