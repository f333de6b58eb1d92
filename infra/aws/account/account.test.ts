import { Match } from "aws-cdk-lib/assertions"
import { afterAll, describe, expect, it } from "vitest"
import { farEnvironment } from "../environments-fixture.ts"
import { Stacks } from "../stacks-fixture.ts"

const stacks = new Stacks(farEnvironment)
afterAll(() => stacks.close())

const secret = "AWS::SecretsManager::Secret"

describe("the secrets of an environment", () => {
  it("are all that a task has, made in the home region and copied to the others", () => {
    const made = Object.values(stacks.readable("far-secrets", secret)).map(({ Properties }) => Properties)
    expect(made.map(({ Name }) => Name)).toEqual([
      "far/secret",
      "far/api-token",
      "far/metrics-token",
      "far/accounts",
      "far/tls",
    ])
    for (const { ReplicaRegions } of made) expect(ReplicaRegions).toEqual([{ Region: "ap-southeast-1" }])
  })

  it.each(["far/secret", "far/api-token", "far/metrics-token"])(
    "%s is made by AWS, long enough for any use",
    (Name) => {
      stacks.template("far-secrets").hasResourceProperties(secret, {
        Name,
        SecretString: Match.absent(),
        GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
      })
    },
  )

  it.each([
    ["far/accounts", ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN", "CLOUDFLARE_API_TOKEN"]],
    ["far/tls", ["TLS_CERTIFICATE", "TLS_KEY"]],
  ])("%s begins empty, and a new text would empty it again", (Name, keys) => {
    stacks.template("far-secrets").hasResourceProperties(secret, {
      Name,
      SecretString: JSON.stringify(Object.fromEntries(keys.map((key) => [key, ""]))),
      GenerateSecretString: Match.absent(),
    })
  })

  it("outlive their stack", () => {
    stacks
      .template("far-secrets")
      .allResources(secret, { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" })
    const stack = stacks.app.node.findChild("far-secrets") as { terminationProtection?: boolean }
    expect(stack.terminationProtection).toBe(true)
  })
})

describe("the edge", () => {
  const arns = (resource: string) =>
    ["ap-southeast-1", "us-east-1"].map(
      (region) => `arn:\${AWS::Partition}:ecs:${region}:123456789012:${resource}`,
    )
  const statements: { Effect: string; Sid: string }[] = stacks.only("far-edge", "AWS::IAM::Policy")
    .PolicyDocument.Statement

  it("may scale and see the streamers' services and tasks, and nothing else", () => {
    const clusters = arns("cluster/far").reverse()
    expect(
      statements.filter(({ Effect }) => Effect === "Allow").map(({ Sid, Effect, ...rest }) => rest),
    ).toEqual([
      { Action: ["ecs:DescribeServices", "ecs:UpdateService"], Resource: arns("service/far/streamer") },
      { Action: "ecs:DescribeTasks", Resource: arns("task/far/*") },
      { Action: "ecs:ListTasks", Resource: "*", Condition: { ArnEquals: { "ecs:cluster": clusters } } },
    ])
  })

  it("may neither run another task definition nor open a shell in a task", () => {
    const families = arns("task-definition/far-streamer:*").reverse()
    expect(
      statements.filter(({ Effect }) => Effect === "Deny").map(({ Sid, Effect, ...rest }) => rest),
    ).toEqual([
      {
        Action: "ecs:UpdateService",
        Resource: arns("service/far/streamer"),
        Condition: {
          Null: { "ecs:task-definition": "false" },
          ArnNotLike: { "ecs:task-definition": families },
        },
      },
      {
        Action: "ecs:UpdateService",
        Resource: arns("service/far/streamer"),
        Condition: { Bool: { "ecs:enable-execute-command": "true" } },
      },
    ])
  })

  it("is a user with one key, in no group and with no other policy", () => {
    const template = stacks.template("far-edge")
    template.hasResourceProperties("AWS::IAM::User", {
      UserName: "far-edge",
      ManagedPolicyArns: Match.absent(),
      Groups: Match.absent(),
      Policies: Match.absent(),
      LoginProfile: Match.absent(),
    })
    template.resourceCountIs("AWS::IAM::User", 1)
    template.hasResourceProperties("AWS::IAM::AccessKey", { Serial: 3 })
    template.resourceCountIs("AWS::IAM::AccessKey", 1)
  })

  it("finds its key in a secret that the template only refers to", () => {
    const [key] = Object.keys(stacks.readable("far-edge", "AWS::IAM::AccessKey"))
    expect(stacks.only("far-edge", secret)).toMatchObject({
      Name: "far/edge",
      SecretString: `{"AWS_ACCESS_KEY_ID":"\${${key}}","AWS_SECRET_ACCESS_KEY":"\${${key}.SecretAccessKey}"}`,
    })
  })

  it("is told its fleet as JSON, and where its key is", () => {
    const fleet = stacks.template("far-edge").findOutputs("Fleet").Fleet as { Value: string }
    expect(JSON.parse(fleet.Value)).toMatchObject([
      { name: "us", awsRegion: "us-east-1", cluster: "far", service: "streamer", minimum: 1, maximum: 4 },
      { name: "asia", awsRegion: "ap-southeast-1" },
    ])
    stacks.template("far-edge").hasOutput("CredentialsSecret", { Value: "far/edge" })
  })
})
