import { CfnOutput, RemovalPolicy, type StackProps } from "aws-cdk-lib"
import { type IRepository, Repository, TagMutability } from "aws-cdk-lib/aws-ecr"
import { type AsgCapacityProvider, Cluster, ContainerInsights, type ICluster } from "aws-cdk-lib/aws-ecs"
import { LogGroup } from "aws-cdk-lib/aws-logs"
import type { ITopic } from "aws-cdk-lib/aws-sns"
import type { Construct } from "constructs"
import { createAlarmTopic } from "../alarms/alarm-topic.ts"
import type { Environment } from "../environment/environment-settings.ts"
import type { RegionSettings } from "../environment/region-settings.ts"
import { namesOf } from "../names.ts"
import { createGpuCapacity } from "./gpu-capacity.ts"
import { createNetwork, type Network } from "./network.ts"
import { RegionStack } from "./region-stack.ts"

const insights = {
  off: ContainerInsights.DISABLED,
  on: ContainerInsights.ENABLED,
  enhanced: ContainerInsights.ENHANCED,
}

/** What a region has before there is an image or a secret: network, cluster, log, alarms' topic, repository. */
export class BaseStack extends RegionStack {
  readonly network: Network
  readonly cluster: ICluster
  readonly logGroup: LogGroup
  readonly alarmTopic: ITopic
  /** `null`: images come from elsewhere. */
  readonly repository: IRepository | null
  /** `null`: tasks run on Fargate. */
  readonly gpu: AsgCapacityProvider | null

  constructor(scope: Construct, environment: Environment, region: RegionSettings, props: StackProps) {
    const names = namesOf(environment)
    super(scope, names.stack(`${region.awsRegion}-base`), region, props)
    this.network = createNetwork(this, region)
    const cluster = new Cluster(this, "Cluster", {
      clusterName: names.cluster,
      vpc: this.network.vpc,
      containerInsightsV2: insights[environment.containerInsights],
    })
    this.cluster = cluster as ICluster
    this.gpu =
      region.capacity.kind === "gpu" ? createGpuCapacity(this, cluster, this.network, region.capacity) : null
    if (this.gpu === null) cluster.enableFargateCapacityProviders()
    this.logGroup = new LogGroup(this, "Log", {
      logGroupName: names.logGroup,
      retention: environment.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.alarmTopic = createAlarmTopic(this, environment)
    this.repository = environment.image.repository === null ? createRepository(this, names.repository) : null
  }
}

function createRepository(scope: Construct, repositoryName: string): Repository {
  const repository = new Repository(scope, "Repository", {
    repositoryName,
    // A tag that may move would make a rollback start something else than what ran before.
    imageTagMutability: TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    lifecycleRules: [{ description: "The newest releases", maxImageCount: 20 }],
  })
  new CfnOutput(scope, "RepositoryUri", {
    description: "Where the streamer's image is pushed to",
    value: repository.repositoryUri,
  })
  return repository
}
