import { log, startLog } from "@tributary/shared/log/log"
import { Match } from "aws-cdk-lib/assertions"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { farEnvironment, homeEnvironment } from "../environments-fixture.ts"
import { Stacks } from "../stacks-fixture.ts"

const home = new Stacks(homeEnvironment)
const far = new Stacks(farEnvironment)
afterAll(() => {
  home.close()
  far.close()
})

const name = "tributary-eu-central-1-streamer"
const template = home.template(name)
const topic = expect.stringMatching(/^\$\{tributary-eu-central-1-base:Alarms/)
const ofService = [
  { Name: "ClusterName", Value: "tributary" },
  { Name: "ServiceName", Value: "streamer" },
]

describe("an alarm", () => {
  it.each([
    ["Cpu", "CPUUtilization"],
    ["Memory", "MemoryUtilization"],
  ])("of %s is raised above 85 %% for ten minutes", (alarm, MetricName) => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: `tributary-streamer-${alarm}`,
      Namespace: "AWS/ECS",
      MetricName,
      Dimensions: ofService,
      Statistic: "Average",
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 85,
      Period: 300,
      EvaluationPeriods: 2,
    })
  })

  it("is raised when fewer tasks run than are wanted, for 15 minutes", () => {
    const metric = (MetricName: string, Stat: string) => ({
      MetricStat: {
        Metric: { Namespace: "ECS/ContainerInsights", MetricName, Dimensions: ofService },
        Period: 300,
        Stat,
      },
    })
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "tributary-streamer-MissingTasks",
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 0,
      EvaluationPeriods: 3,
      Metrics: [
        { Expression: "desired - running", ReturnData: true },
        { Id: "desired", ReturnData: false, ...metric("DesiredTaskCount", "Minimum") },
        { Id: "running", ReturnData: false, ...metric("RunningTaskCount", "Maximum") },
      ],
    })
  })

  it("of missing tasks is left out where nothing counts them", () => {
    const alarms = Object.values(far.readable("far-us-east-1-streamer", "AWS::CloudWatch::Alarm"))
    expect(alarms.map(({ Properties }) => Properties.AlarmName)).toEqual([
      "far-streamer-Cpu",
      "far-streamer-Memory",
      "far-streamer-Errors",
    ])
  })

  it("tells the topic when it begins and when it ends, and is none while nothing runs", () => {
    const alarms = Object.values(home.readable(name, "AWS::CloudWatch::Alarm"))
    expect(alarms).toHaveLength(4)
    for (const { Properties } of alarms)
      expect(Properties).toMatchObject({
        AlarmActions: [topic],
        OKActions: [topic],
        TreatMissingData: "notBreaching",
        AlarmDescription: expect.stringMatching(/\.$/),
      })
  })
})

describe("errors in the log", () => {
  afterEach(() => startLog({ write: () => undefined, debug: false, obfuscate: true }))

  it("are counted, and more than ten in five minutes are an alarm", () => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      MetricTransformations: [
        { MetricNamespace: "Tributary/tributary", MetricName: "StreamerErrors", MetricValue: "1" },
      ],
    })
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "tributary-streamer-Errors",
      Namespace: "Tributary/tributary",
      MetricName: "StreamerErrors",
      Statistic: "Sum",
      Threshold: 10,
      Period: 300,
      EvaluationPeriods: 1,
    })
  })

  it("are known by the level as a streamer writes it", async () => {
    const lines: string[] = []
    await startLog({ write: (line) => lines.push(line), debug: true, obfuscate: true })
    const logger = log("streamer", "pool")
    logger.warn("a feed failed")
    logger.error("the store is away")
    logger.fatal("cannot go on")
    const levels = lines.map((line) => (JSON.parse(line) as { level: string }).level)
    const { FilterPattern } = home.only(name, "AWS::Logs::MetricFilter")
    expect(levels.map((level) => FilterPattern.includes(`$.level = "${level}"`))).toEqual([false, true, true])
  })
})

describe("what ECS tells", () => {
  const rules = Object.entries(home.readable(name, "AWS::Events::Rule"))
  const rule = (id: string) => rules.find(([key]) => key.startsWith(id))?.[1].Properties
  const arn = (resource: string) =>
    `arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:${resource}`

  it("of a deployment that failed goes to the topic", () => {
    expect(rule("DeploymentFailed")?.EventPattern).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: [arn("service/tributary/streamer")],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    })
  })

  it("of a service in trouble goes to the topic", () => {
    expect(rule("ServiceTroubled")?.EventPattern).toMatchObject({
      "detail-type": ["ECS Service Action"],
      resources: [arn("service/tributary/streamer")],
      detail: { eventType: ["WARN", "ERROR"] },
    })
  })

  it("of a task that failed goes to the topic, not of one that was drained or scaled in", () => {
    expect(rule("TaskFailed")?.EventPattern).toMatchObject({
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [arn("cluster/tributary")],
        group: ["service:streamer"],
        lastStatus: ["STOPPED"],
        $or: [
          { stopCode: ["TaskFailedToStart"] },
          { stopCode: ["ServiceSchedulerInitiated"], stoppedReason: [{ prefix: "Task failed" }] },
          { stopCode: ["EssentialContainerExited"], containers: { exitCode: [{ "anything-but": [0] }] } },
        ],
      },
    })
  })

  it("comes as one sentence", () => {
    expect(rules).toHaveLength(3)
    for (const [, { Properties }] of rules)
      expect(Properties.Targets).toMatchObject([
        {
          Arn: topic,
          InputTransformer: { InputTemplate: expect.stringMatching(/^"[A-Z].* in <region>.*"$/) },
        },
      ])
  })
})

describe("the topic", () => {
  const base = "tributary-eu-central-1-base"

  it("is told to whom it may concern, and to nobody where no address is set", () => {
    home.template(base).hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "operator@tv.example",
    })
    far.template("far-us-east-1-base").resourceCountIs("AWS::SNS::Subscription", 0)
  })

  it("takes messages from this account's alarms and from events, by TLS only", () => {
    home.template(base).hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Deny",
            Principal: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "events.amazonaws.com" },
          }),
        ]),
      },
    })
  })
})
