import { SubnetType } from "aws-cdk-lib/aws-ec2"
import {
  AvailabilityZoneRebalancing,
  type BaseService,
  type CapacityProviderStrategy,
  Ec2Service,
  FargateService,
  PropagatedTagSource,
  type TaskDefinition,
} from "aws-cdk-lib/aws-ecs"
import type { Construct } from "constructs"
import type { Environment } from "../environment/environment-settings.ts"
import type { FargateCapacity, RegionSettings } from "../environment/region-settings.ts"
import { namesOf } from "../names.ts"
import type { BaseStack } from "../region/base-stack.ts"

/** Keeps as many streamers running as the edge says, and replaces them when the image or a setting changes. */
export function createService(
  scope: Construct,
  environment: Environment,
  { capacity }: RegionSettings,
  base: BaseStack,
  taskDefinition: TaskDefinition,
): BaseService {
  const shared = {
    cluster: base.cluster,
    taskDefinition,
    serviceName: namesOf(environment).service,
    // No desiredCount: the edge sets it. CloudFormation then starts one task with a new service and afterwards
    // leaves the number as it is; one named here would cut the fleet down with every deployment.
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { rollback: true },
    // It would stop streamers with viewers, only to start them in another zone.
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
    enableExecuteCommand: false,
  }
  if (capacity.kind === "fargate")
    return new FargateService(scope, "Service", {
      ...shared,
      capacityProviderStrategies: fargateStrategies(capacity),
      assignPublicIp: true,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      securityGroups: [base.network.streamers],
    })
  if (base.gpu === null) throw new Error("the base stack of a region with GPUs has no capacity for them")
  return new Ec2Service(scope, "Service", {
    ...shared,
    capacityProviderStrategies: [{ capacityProvider: base.gpu.capacityProviderName, weight: 1 }],
  })
}

function fargateStrategies({ onDemandWeight, spotWeight }: FargateCapacity): CapacityProviderStrategy[] {
  return [
    { capacityProvider: "FARGATE", weight: onDemandWeight },
    { capacityProvider: "FARGATE_SPOT", weight: spotWeight },
  ].filter(({ weight }) => weight > 0)
}
