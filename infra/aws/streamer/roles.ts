import { Stack } from "aws-cdk-lib"
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Construct } from "constructs"
import type { Names } from "../names.ts"

/**
 * What a streamer itself may do on AWS: ask that its task be spared while viewers watch. The ECS agent makes
 * these two calls for it, with this role.
 */
export function createTaskRole(scope: Construct, { cluster }: Names): Role {
  const { partition, region, account } = Stack.of(scope)
  const arn = (resource: string) => `arn:${partition}:ecs:${region}:${account}:${resource}`
  const role = new Role(scope, "TaskRole", {
    // Only for tasks of this account and region, so that ECS cannot be talked into lending it to others.
    assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com", {
      conditions: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": arn("*") },
      },
    }),
  })
  role.addToPolicy(
    new PolicyStatement({
      sid: "ProtectOwnTask",
      actions: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
      resources: [arn(`task/${cluster}/*`)],
    }),
  )
  return role
}

/** What ECS may do to start a streamer. The parts that need it add to it: the log, the secrets, the image. */
export function createExecutionRole(scope: Construct): Role {
  return new Role(scope, "ExecutionRole", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") })
}
