import { Duration } from "aws-cdk-lib"
import {
  AwsLogDriverMode,
  Capability,
  Compatibility,
  ContainerImage,
  CpuArchitecture,
  Secret as EcsSecret,
  type HealthCheck,
  LinuxParameters,
  LogDriver,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
  UlimitName,
} from "aws-cdk-lib/aws-ecs"
import type { IRole } from "aws-cdk-lib/aws-iam"
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager"
import type { Construct } from "constructs"
import { secretVariables } from "../account/secrets.ts"
import type { Environment } from "../environment/environment-settings.ts"
import type { RegionSettings } from "../environment/region-settings.ts"
import { namesOf, streamerPort } from "../names.ts"
import type { BaseStack } from "../region/base-stack.ts"
import { createTaskRole } from "./roles.ts"
import { stopTimeoutSeconds, streamerVariables } from "./streamer-variables.ts"

/** The image's own user, by number, so that it is seen here that it is not root. */
const user = "10001"

/** What the image itself asks; ECS does not read it from there. */
const healthCheck: HealthCheck = {
  command: ["CMD", "node", "infra/docker/health-check.ts"],
  interval: Duration.seconds(15),
  timeout: Duration.seconds(5),
  startPeriod: Duration.seconds(30),
  retries: 3,
}

/** One streamer: an unprivileged process with nothing to write to but `/tmp`. */
export function createTaskDefinition(
  scope: Construct,
  environment: Environment,
  region: RegionSettings,
  { base, executionRole }: { base: BaseStack; executionRole: IRole },
): TaskDefinition {
  const names = namesOf(environment)
  const { task } = region
  const isGpu = region.capacity.kind === "gpu"
  const definition = new TaskDefinition(scope, "Task", {
    family: names.family,
    compatibility: isGpu ? Compatibility.EC2 : Compatibility.FARGATE,
    // A task on a machine of its own gets no public address with a network interface of its own.
    networkMode: isGpu ? NetworkMode.HOST : NetworkMode.AWS_VPC,
    cpu: String(task.cpu),
    memoryMiB: String(task.memoryMiB),
    ...(isGpu ? {} : fargateMachine(task)),
    taskRole: createTaskRole(scope, names),
    executionRole,
    // On the machine's disk, not in memory: a programme guide waits there whole. A volume like this takes the
    // rights of the image's `/tmp` if the image declares it as a volume, else only root may write to it.
    volumes: [{ name: "tmp" }],
  })
  const linuxParameters = new LinuxParameters(scope, "Linux", {
    // It passes signals on to Node, and reaps what ffmpeg leaves behind.
    initProcessEnabled: true,
  })
  linuxParameters.dropCapabilities(Capability.ALL)
  const container = definition.addContainer("streamer", {
    containerName: "streamer",
    image: imageOf(environment, base),
    user,
    readonlyRootFilesystem: true,
    linuxParameters,
    stopTimeout: Duration.seconds(stopTimeoutSeconds),
    healthCheck,
    portMappings: [{ containerPort: streamerPort, hostPort: streamerPort }],
    environment: streamerVariables(environment, region),
    secrets: secretsOf(scope, environment),
    ...(isGpu ? { gpuCount: 1, memoryLimitMiB: task.memoryMiB } : {}),
    logging: LogDriver.awsLogs({
      logGroup: base.logGroup,
      streamPrefix: region.name,
      // A slow log loses lines; it never holds up video.
      mode: AwsLogDriverMode.NON_BLOCKING,
    }),
  })
  container.addMountPoints({ sourceVolume: "tmp", containerPath: "/tmp", readOnly: false })
  container.addUlimits({ name: UlimitName.NOFILE, softLimit: 65_535, hardLimit: 65_535 })
  return definition
}

function fargateMachine({ architecture, storageGiB }: RegionSettings["task"]) {
  return {
    runtimePlatform: {
      operatingSystemFamily: OperatingSystemFamily.LINUX,
      cpuArchitecture: architecture === "arm64" ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    },
    // 20 GiB come with every task and may not be asked for.
    ...(storageGiB > 20 ? { ephemeralStorageGiB: storageGiB } : {}),
  }
}

function imageOf({ image }: Environment, { repository }: BaseStack): ContainerImage {
  return repository === null
    ? ContainerImage.fromRegistry(`${image.repository}:${image.tag}`)
    : ContainerImage.fromEcrRepository(repository, image.tag)
}

/** By name, which is the same in every region; the rest of a secret's ARN differs and is not known here. */
function secretsOf(scope: Construct, environment: Environment): Record<string, EcsSecret> {
  const known = new Map<string, ISecret>()
  const secretNamed = (name: string) => {
    const secret = known.get(name) ?? Secret.fromSecretNameV2(scope, `Secret ${name}`, name)
    known.set(name, secret)
    return secret
  }
  return Object.fromEntries(
    secretVariables(namesOf(environment)).map(({ variable, secretName, key }) => [
      variable,
      EcsSecret.fromSecretsManager(secretNamed(secretName), key ?? undefined),
    ]),
  )
}
