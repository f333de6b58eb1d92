import { Match, type Template } from "aws-cdk-lib/assertions"
import { afterAll, describe, expect, it } from "vitest"
import { farEnvironment, homeEnvironment } from "../environments-fixture.ts"
import { Stacks } from "../stacks-fixture.ts"

const home = new Stacks(homeEnvironment)
const far = new Stacks(farEnvironment)
afterAll(() => {
  home.close()
  far.close()
})

const base = home.template("tributary-eu-central-1-base")
const dualStack = far.template("far-us-east-1-base")
const gpu = far.template("far-ap-southeast-1-base")

describe("a region's network", () => {
  it.each<[string, Template, number]>([
    ["home", base, 2],
    ["one with three zones", dualStack, 3],
    ["one with GPUs", gpu, 2],
  ])("has public subnets only, each in a zone of its own: %s", (_, template, zones) => {
    const subnets = Object.values(template.findResources("AWS::EC2::Subnet"))
    const zoneNumbers = subnets.map(({ Properties }) => Properties.AvailabilityZone["Fn::Select"][0])
    expect(zoneNumbers).toEqual(Array.from({ length: zones }, (_, index) => index))
    template.resourceCountIs("AWS::EC2::NatGateway", 0)
    template.allResourcesProperties("AWS::EC2::Subnet", { MapPublicIpOnLaunch: false })
    template.resourcePropertiesCountIs(
      "AWS::EC2::Route",
      { DestinationCidrBlock: "0.0.0.0/0", GatewayId: Match.anyValue() },
      zones,
    )
  })

  it("lets the world reach the streamers' port and no other, and streamers reach anything", () => {
    expect(home.only("tributary-eu-central-1-base", "AWS::EC2::SecurityGroup")).toMatchObject({
      SecurityGroupIngress: [{ CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 8090, ToPort: 8090 }],
      SecurityGroupEgress: [{ CidrIp: "0.0.0.0/0", IpProtocol: "-1" }],
    })
    for (const template of [base, dualStack, gpu])
      template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0)
  })

  it("has IPv6 where that is set", () => {
    expect(far.only("far-us-east-1-base", "AWS::EC2::SecurityGroup")).toMatchObject({
      SecurityGroupIngress: [
        { CidrIp: "0.0.0.0/0", FromPort: 8090, ToPort: 8090 },
        { CidrIpv6: "::/0", IpProtocol: "tcp", FromPort: 8090, ToPort: 8090 },
      ],
      SecurityGroupEgress: [{ CidrIp: "0.0.0.0/0" }, { CidrIpv6: "::/0", IpProtocol: "-1" }],
    })
    dualStack.allResourcesProperties("AWS::EC2::Subnet", { AssignIpv6AddressOnCreation: true })
    base.resourceCountIs("AWS::EC2::VPCCidrBlock", 0)
  })
})

describe("a region's cluster", () => {
  it.each<[string, Template, string, string]>([
    ["home", base, "tributary", "enabled"],
    ["without insights", dualStack, "far", "disabled"],
  ])("has the environment's name and its insights: %s", (_, template, ClusterName, Value) => {
    template.hasResourceProperties("AWS::ECS::Cluster", {
      ClusterName,
      ClusterSettings: [{ Name: "containerInsights", Value }],
    })
  })

  it("runs tasks on Fargate, on demand and spot", () => {
    base.hasResourceProperties("AWS::ECS::ClusterCapacityProviderAssociations", {
      CapacityProviders: ["FARGATE", "FARGATE_SPOT"],
    })
    base.resourceCountIs("AWS::AutoScaling::AutoScalingGroup", 0)
  })
})

describe("a region with GPUs", () => {
  it("starts machines from ECS's newest GPU image, in a network of their own", () => {
    gpu.hasResourceProperties("AWS::EC2::LaunchTemplate", {
      LaunchTemplateData: {
        ImageId: "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id",
        InstanceType: "g4dn.xlarge",
        NetworkInterfaces: [{ AssociatePublicIpAddress: true }],
        MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: "gp3" } }],
      },
    })
    const { UserData } = far.only("far-ap-southeast-1-base", "AWS::EC2::LaunchTemplate").LaunchTemplateData
    expect(UserData).toContain("echo ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true >> /etc/ecs/ecs.config")
    expect(UserData).toMatch(/echo ECS_CLUSTER=\$\{Cluster[0-9A-F]+\} >> \/etc\/ecs\/ecs.config/)
  })

  it("has none while there is no task, and ends none that has one", () => {
    gpu.hasResourceProperties("AWS::AutoScaling::AutoScalingGroup", {
      MinSize: "0",
      MaxSize: "8",
      DesiredCapacity: Match.absent(),
      NewInstancesProtectedFromScaleIn: true,
    })
    gpu.hasResourceProperties("AWS::ECS::CapacityProvider", {
      AutoScalingGroupProvider: {
        ManagedScaling: { Status: "ENABLED", TargetCapacity: 100 },
        ManagedTerminationProtection: "ENABLED",
        ManagedDraining: "ENABLED",
      },
    })
  })

  it("lets a machine register with its own cluster only", () => {
    gpu.hasResourceProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() })
    const { PolicyDocument } = far.only("far-ap-southeast-1-base", "AWS::IAM::Policy")
    expect(PolicyDocument.Statement[0]).toMatchObject({
      Action: ["ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance", "ecs:Submit*"],
      Resource: expect.stringMatching(/^\$\{Cluster[0-9A-F]+\.Arn\}$/),
    })
    const anywhere = PolicyDocument.Statement.filter(
      (statement: { Resource: string; Condition?: unknown }) =>
        statement.Resource === "*" && statement.Condition === undefined,
    )
    expect(anywhere.map(({ Action }: { Action: string[] }) => Action)).toEqual([
      ["ecr:GetAuthorizationToken", "ecs:DiscoverPollEndpoint", "logs:CreateLogStream", "logs:PutLogEvents"],
    ])
  })
})

describe("what a region keeps", () => {
  it("is the log for so many days", () => {
    base.hasResourceProperties("AWS::Logs::LogGroup", {
      LogGroupName: "/tributary/streamer",
      RetentionInDays: 30,
    })
  })

  it("is its own images under tags that never move, unless they come from elsewhere", () => {
    base.hasResourceProperties("AWS::ECR::Repository", {
      RepositoryName: "tributary/streamer",
      ImageTagMutability: "IMMUTABLE",
      ImageScanningConfiguration: { ScanOnPush: true },
    })
    base.hasOutput("RepositoryUri", {})
    dualStack.resourceCountIs("AWS::ECR::Repository", 0)
  })
})
