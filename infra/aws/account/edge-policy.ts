import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam"
import type { Environment } from "../environment/environment-settings.ts"
import { namesOf } from "../names.ts"

/** Where ARNs of an account begin: `aws` and the account's number, or what stands for them in a template. */
export interface Account {
  partition: string
  accountId: string
}

/** What the edge may do: look at the streamers' services and set how many tasks they are to have. */
export function edgeStatements(environment: Environment, account: Account): PolicyStatement[] {
  const { cluster, service, family } = namesOf(environment)
  const arns = (resource: string) =>
    environment.regions.map(
      ({ awsRegion }) => `arn:${account.partition}:ecs:${awsRegion}:${account.accountId}:${resource}`,
    )
  const services = arns(`service/${cluster}/${service}`)
  return [
    new PolicyStatement({
      sid: "ScaleServices",
      actions: ["ecs:UpdateService", "ecs:DescribeServices"],
      resources: services,
    }),
    new PolicyStatement({
      sid: "SeeTasks",
      actions: ["ecs:DescribeTasks"],
      resources: arns(`task/${cluster}/*`),
    }),
    new PolicyStatement({
      sid: "ListTasks",
      // Listing has no resource of its own; the cluster is a condition of it.
      actions: ["ecs:ListTasks"],
      resources: ["*"],
      conditions: { ArnEquals: { "ecs:cluster": arns(`cluster/${cluster}`) } },
    }),
    // UpdateService can do more than scale. Who stole the key shall not run another task definition with its
    // roles, nor open a shell in a task. Both say no only to a request that asks for it.
    new PolicyStatement({
      sid: "RunNothingElse",
      effect: Effect.DENY,
      actions: ["ecs:UpdateService"],
      resources: services,
      conditions: {
        Null: { "ecs:task-definition": "false" },
        ArnNotLike: { "ecs:task-definition": arns(`task-definition/${family}:*`) },
      },
    }),
    new PolicyStatement({
      sid: "OpenNoShell",
      effect: Effect.DENY,
      actions: ["ecs:UpdateService"],
      resources: services,
      conditions: { Bool: { "ecs:enable-execute-command": "true" } },
    }),
  ]
}
