import { readFile } from "node:fs/promises"
import { Match } from "aws-cdk-lib/assertions"
import { afterAll, describe, expect, it } from "vitest"
import { readConfig } from "../../../streamer/src/config.ts"
import { farEnvironment, homeEnvironment } from "../environments-fixture.ts"
import { type Resource, Stacks } from "../stacks-fixture.ts"

const home = new Stacks(homeEnvironment)
const far = new Stacks(farEnvironment)
afterAll(() => {
  home.close()
  far.close()
})

const name = "tributary-eu-central-1-streamer"
const template = home.template(name)
const onSpot = far.template("far-us-east-1-streamer")
const onGpu = far.template("far-ap-southeast-1-streamer")

const definition = "AWS::ECS::TaskDefinition"
const inAccount = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:eu-central-1:\${AWS::AccountId}:${resource}`

/** The statements of the policy that a role has. */
function statementsOf(role: "TaskRole" | "ExecutionRole"): Record<string, unknown>[] {
  const policies: Resource[] = Object.values(home.readable(name, "AWS::IAM::Policy"))
  const own = policies.filter(({ Properties }) => String(Properties.Roles).startsWith(`\${${role}`))
  return own.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
}

describe("a streamer's task", () => {
  it("is an unprivileged process on a file system that it cannot write to, except for /tmp", () => {
    for (const each of [template, onSpot, onGpu])
      each.hasResourceProperties(definition, {
        ContainerDefinitions: [
          {
            User: "10001",
            Privileged: Match.absent(),
            ReadonlyRootFilesystem: true,
            LinuxParameters: {
              Capabilities: { Drop: ["ALL"], Add: Match.absent() },
              InitProcessEnabled: true,
            },
            MountPoints: [{ ContainerPath: "/tmp", SourceVolume: "tmp", ReadOnly: false }],
          },
        ],
        Volumes: [{ Name: "tmp", Host: Match.absent() }],
      })
  })

  it("has the machine that is set", () => {
    template.hasResourceProperties(definition, {
      Cpu: "2048",
      Memory: "4096",
      NetworkMode: "awsvpc",
      RequiresCompatibilities: ["FARGATE"],
      RuntimePlatform: { CpuArchitecture: "ARM64", OperatingSystemFamily: "LINUX" },
      EphemeralStorage: Match.absent(),
    })
    onSpot.hasResourceProperties(definition, {
      RuntimePlatform: { CpuArchitecture: "X86_64" },
      EphemeralStorage: { SizeInGiB: 40 },
    })
  })

  it("has a GPU and its machine's network where that is set", () => {
    onGpu.hasResourceProperties(definition, {
      NetworkMode: "host",
      RequiresCompatibilities: ["EC2"],
      ContainerDefinitions: [
        {
          ResourceRequirements: [{ Type: "GPU", Value: "1" }],
          Environment: Match.arrayWith([
            { Name: "NVIDIA_DRIVER_CAPABILITIES", Value: "compute,utility,video" },
          ]),
        },
      ],
    })
  })

  it("is given as long to hand over as ECS ever waits, and is reached at its port", () => {
    template.hasResourceProperties(definition, {
      ContainerDefinitions: [
        { StopTimeout: 120, PortMappings: [{ ContainerPort: 8090, HostPort: 8090, Protocol: "tcp" }] },
      ],
    })
  })

  it("says of the image what the image says: its user, its volume, its health check", async () => {
    const dockerfile = await readFile(new URL("../../docker/streamer.Dockerfile", import.meta.url), "utf8")
    const { User, HealthCheck } = home.only(name, definition).ContainerDefinitions[0]
    expect(dockerfile).toContain(`--uid ${User} `)
    expect(dockerfile).toContain('VOLUME ["/tmp"]')
    const { Command, Interval, Timeout, StartPeriod, Retries } = HealthCheck
    const flags = `--interval=${Interval}s --timeout=${Timeout}s --start-period=${StartPeriod}s --retries=${Retries}`
    const [kind, ...command] = Command
    expect(kind).toBe("CMD")
    expect(dockerfile).toContain(`HEALTHCHECK ${flags} CMD ${JSON.stringify(command).replaceAll(",", ", ")}`)
  })

  it("logs to the region's group and is never held up by that", () => {
    expect(home.only(name, definition).ContainerDefinitions[0].LogConfiguration).toEqual({
      LogDriver: "awslogs",
      Options: {
        "awslogs-group": expect.stringMatching(/^\$\{tributary-eu-central-1-base:Log/),
        "awslogs-region": "eu-central-1",
        "awslogs-stream-prefix": "eu",
        mode: "non-blocking",
      },
    })
  })

  it("has its settings in its environment, and no secret among them", () => {
    const { Environment } = home.only(name, definition).ContainerDefinitions[0]
    const variables = Object.fromEntries(
      Environment.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value]),
    )
    expect(variables).toEqual({
      NODE_ENV: "production",
      EDGE_URL: "https://tv.example",
      STREAMER_PORT: "8090",
      STREAMER_REGION: "EU",
      STREAMER_MAX_VIEWERS: "400",
      STREAMER_DOMAIN: "streams.tv.example",
      CLOUDFLARE_ZONE_ID: "00000000000000000000000000000000",
      DRAIN_SECONDS: "110",
      PUBLIC_ADDRESS_LOOKUP: "https://checkip.amazonaws.com",
    })
  })

  it("has each secret from Secrets Manager", () => {
    const { Secrets } = home.only(name, definition).ContainerDefinitions[0]
    const of = (part: string) => inAccount("secretsmanager", `secret:tributary/${part}`)
    expect(
      Secrets.map(({ Name, ValueFrom }: { Name: string; ValueFrom: string }) => [Name, ValueFrom]),
    ).toEqual([
      ["TRIBUTARY_SECRET", of("secret")],
      ["API_TOKEN", of("api-token")],
      ["METRICS_TOKEN", of("metrics-token")],
      ["UPSTASH_REDIS_REST_URL", of("accounts:UPSTASH_REDIS_REST_URL::")],
      ["UPSTASH_REDIS_REST_TOKEN", of("accounts:UPSTASH_REDIS_REST_TOKEN::")],
      ["CLOUDFLARE_API_TOKEN", of("accounts:CLOUDFLARE_API_TOKEN::")],
      ["TLS_CERTIFICATE", of("tls:TLS_CERTIFICATE::")],
      ["TLS_KEY", of("tls:TLS_KEY::")],
    ])
  })

  it("has all that a streamer needs to start", () => {
    const { Environment, Secrets } = home.only(name, definition).ContainerDefinitions[0]
    const filledIn: Record<string, string> = {
      TRIBUTARY_SECRET: "x".repeat(64),
      UPSTASH_REDIS_REST_URL: "https://eu1.upstash.io",
    }
    const variables = [...Environment, ...Secrets].map(
      ({ Name, Value }: { Name: string; Value?: string }) => [Name, Value ?? filledIn[Name] ?? "filled in"],
    )
    expect(readConfig(Object.fromEntries(variables))).toMatchObject({
      ok: true,
      config: { STREAMER_DOMAIN: "streams.tv.example", STREAMER_PORT: 8090, DRAIN_SECONDS: 110 },
    })
  })

  it("runs the image that is set", () => {
    onSpot.hasResourceProperties(definition, {
      ContainerDefinitions: [{ Image: "ghcr.io/far/streamer:2.0.0" }],
    })
    expect(home.only(name, definition).ContainerDefinitions[0].Image).toMatch(
      /\.dkr\.ecr\..*\/\$\{tributary-eu-central-1-base:Repository[0-9A-F]+\}:0\.1\.0$/,
    )
  })
})

describe("a streamer", () => {
  it("may protect tasks of its own cluster and nothing else", () => {
    expect(statementsOf("TaskRole")).toEqual([
      {
        Sid: "ProtectOwnTask",
        Effect: "Allow",
        Action: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
        Resource: inAccount("ecs", "task/tributary/*"),
      },
    ])
  })

  it("is started by a role that reads its secrets, writes its log and pulls its image", () => {
    const [pull, login, log, secrets, ...others] = statementsOf("ExecutionRole")
    expect(pull).toMatchObject({
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: expect.stringMatching(/-base:Repository/),
    })
    expect(login).toMatchObject({ Action: "ecr:GetAuthorizationToken", Resource: "*" })
    expect(log).toMatchObject({
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: expect.stringMatching(/-base:Log/),
    })
    expect(secrets).toMatchObject({
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: ["accounts", "api-token", "metrics-token", "secret", "tls"].map((part) =>
        inAccount("secretsmanager", `secret:tributary/${part}-??????`),
      ),
    })
    expect(others).toEqual([])
  })

  it("has roles without AWS's own policies, lent to ECS tasks of this account only", () => {
    template.resourceCountIs("AWS::IAM::Role", 2)
    template.allResourcesProperties("AWS::IAM::Role", {
      ManagedPolicyArns: Match.absent(),
      Policies: Match.absent(),
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: "ecs-tasks.amazonaws.com" } }] },
    })
    const roles = Object.entries(home.readable(name, "AWS::IAM::Role"))
    const taskRole = roles.find(([id]) => id.startsWith("TaskRole"))?.[1]
    expect(taskRole?.Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { "aws:SourceAccount": expect.stringMatching(/AWS::AccountId/) },
      ArnLike: { "aws:SourceArn": inAccount("ecs", "*") },
    })
  })
})

describe("the service", () => {
  it("leaves the number of tasks to the edge", () => {
    for (const each of [template, onSpot, onGpu])
      each.hasResourceProperties("AWS::ECS::Service", {
        ServiceName: "streamer",
        DesiredCount: Match.absent(),
      })
  })

  it("replaces tasks only by ones that run, and goes back when those do not", () => {
    for (const each of [template, onSpot, onGpu])
      each.hasResourceProperties("AWS::ECS::Service", {
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        AvailabilityZoneRebalancing: "DISABLED",
        EnableExecuteCommand: false,
        LoadBalancers: Match.absent(),
      })
  })

  it("gives each task on Fargate a public address, in the streamers' group", () => {
    expect(home.only(name, "AWS::ECS::Service").NetworkConfiguration.AwsvpcConfiguration).toEqual({
      AssignPublicIp: "ENABLED",
      SecurityGroups: [expect.stringMatching(/-base:Streamers/)],
      Subnets: [expect.stringMatching(/Subnet1/), expect.stringMatching(/Subnet2/)],
    })
  })

  it("runs on what is set: on demand, partly on spot, or on machines with GPUs", () => {
    const strategyOf = (stacks: Stacks, stack: string) =>
      stacks.only(stack, "AWS::ECS::Service").CapacityProviderStrategy
    expect(strategyOf(home, name)).toEqual([{ CapacityProvider: "FARGATE", Weight: 1 }])
    expect(strategyOf(far, "far-us-east-1-streamer")).toEqual([
      { CapacityProvider: "FARGATE", Weight: 1 },
      { CapacityProvider: "FARGATE_SPOT", Weight: 3 },
    ])
    expect(strategyOf(far, "far-ap-southeast-1-streamer")).toEqual([
      { CapacityProvider: expect.stringMatching(/-base:Gpu/), Weight: 1 },
    ])
  })

  it("starts nothing before its roles have their rights", () => {
    const [service] = Object.values(home.readable(name, "AWS::ECS::Service"))
    expect(service?.DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ExecutionRoleDefaultPolicy/),
        expect.stringMatching(/^TaskRoleDefaultPolicy/),
      ]),
    )
  })
})
