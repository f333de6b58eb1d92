import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs"
import type { EdgeConfig } from "../../bindings.ts"
import type { Fleet } from "../fleet-config.ts"
import type { ServiceTask } from "../scale/carriers.ts"
import { type EcsFailure, type EcsResult, ecsFailure } from "./ecs-failure.ts"

/** A service as ECS has it. */
export interface ServiceState {
  desired: number
  running: number
  pending: number
  /** Those that ECS wants to run, also while they start. */
  tasks: ServiceTask[]
}

// What DescribeTasks takes and ListTasks gives at most (ECS API reference).
const tasksPerCall = 100
// More than any fleet has: its maximum and as many again during a deployment.
const mostPages = 20

/** One fleet's ECS service. Whatever it is asked, all its calls together take `timeoutMilliseconds` at most. */
export class EcsService {
  readonly #client: ECSClient
  readonly #service: { cluster: string; service: string }
  readonly #signal: AbortSignal

  constructor(
    fleet: Pick<Fleet, "awsRegion" | "cluster" | "service">,
    config: Pick<EdgeConfig, "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "ECS_ENDPOINT">,
    timeoutMilliseconds: number,
  ) {
    this.#service = { cluster: fleet.cluster, service: fleet.service }
    this.#signal = AbortSignal.timeout(timeoutMilliseconds)
    this.#client = new ECSClient({
      region: fleet.awsRegion,
      credentials: {
        accessKeyId: config.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: config.AWS_SECRET_ACCESS_KEY ?? "",
      },
      ...(config.ECS_ENDPOINT === undefined ? {} : { endpoint: config.ECS_ENDPOINT }),
      // The next run asks again, a minute later: what is throttled is not asked more often.
      maxAttempts: 1,
    })
  }

  read(): Promise<EcsResult<ServiceState>> {
    return this.#asked(async () => {
      const { cluster, service } = this.#service
      const described = await this.#client.send(
        new DescribeServicesCommand({ cluster, services: [service] }),
        this.#options,
      )
      const found = described.services?.[0]
      // A service that was deleted is described for a while, as INACTIVE.
      if (found?.status !== "ACTIVE") return { ok: false, failure: { code: "missing" } }
      const newest = found.deployments?.find(({ status }) => status === "PRIMARY")?.id
      return {
        ok: true,
        value: {
          desired: found.desiredCount ?? 0,
          running: found.runningCount ?? 0,
          pending: found.pendingCount ?? 0,
          tasks: await this.#tasks(newest),
        },
      }
    })
  }

  setDesired(desiredCount: number): Promise<EcsResult<void>> {
    return this.#asked(async () => {
      await this.#client.send(new UpdateServiceCommand({ ...this.#service, desiredCount }), this.#options)
      return { ok: true, value: undefined }
    })
  }

  close(): void {
    this.#client.destroy()
  }

  async #tasks(newestDeployment: string | undefined): Promise<ServiceTask[]> {
    const { cluster, service: serviceName } = this.#service
    const tasks: ServiceTask[] = []
    let nextToken: string | undefined
    for (let page = 0; page === 0 || (nextToken !== undefined && page < mostPages); page++) {
      const listed = await this.#client.send(
        new ListTasksCommand({ cluster, serviceName, maxResults: tasksPerCall, nextToken }),
        this.#options,
      )
      nextToken = listed.nextToken
      if (listed.taskArns === undefined || listed.taskArns.length === 0) continue
      const described = await this.#client.send(
        new DescribeTasksCommand({ cluster, tasks: listed.taskArns }),
        this.#options,
      )
      // A service's task names the deployment that started it (ECS API reference, Task.startedBy).
      for (const { taskArn, startedBy } of described.tasks ?? [])
        if (taskArn !== undefined) tasks.push({ arn: taskArn, isNewest: startedBy === newestDeployment })
    }
    return tasks
  }

  get #options() {
    return { abortSignal: this.#signal }
  }

  async #asked<Value>(ask: () => Promise<EcsResult<Value>>): Promise<EcsResult<Value>> {
    try {
      return await ask()
    } catch (error) {
      const failure: EcsFailure = this.#signal.aborted ? { code: "slow" } : ecsFailure(error)
      return { ok: false, failure }
    }
  }
}
