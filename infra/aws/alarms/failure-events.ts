import { Aws } from "aws-cdk-lib"
import { EventField, type EventPattern, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events"
import { SnsTopic } from "aws-cdk-lib/aws-events-targets"
import type { ITopic } from "aws-cdk-lib/aws-sns"
import type { Construct } from "constructs"
import type { Environment } from "../environment/environment-settings.ts"
import { namesOf } from "../names.ts"

interface FailureEvent {
  name: string
  pattern: Pick<EventPattern, "detailType" | "detail" | "resources">
  /** What the topic is told. */
  text: string
}

/** Tells the topic of what ECS says went wrong with a region's service, in one sentence each. */
export function createFailureEvents(scope: Construct, environment: Environment, topic: ITopic): void {
  const { cluster, service } = namesOf(environment)
  const arn = (resource: string) => `arn:${Aws.PARTITION}:ecs:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`
  const resources = [arn(`service/${cluster}/${service}`)]
  const where = `${cluster} in ${EventField.fromPath("$.region")}`
  const events: FailureEvent[] = [
    {
      name: "DeploymentFailed",
      // Of the circuit breaker, which then goes back to the release before.
      pattern: {
        detailType: ["ECS Deployment State Change"],
        resources,
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
      text: `A deployment of the streamers of ${where} failed and is rolled back: ${EventField.fromPath("$.detail.reason")}`,
    },
    {
      name: "ServiceTroubled",
      pattern: {
        detailType: ["ECS Service Action"],
        resources,
        detail: { eventType: ["WARN", "ERROR"] },
      },
      text: `ECS has trouble with the streamers of ${where}: ${EventField.fromPath("$.detail.eventName")}`,
    },
    {
      name: "TaskFailed",
      pattern: {
        detailType: ["ECS Task State Change"],
        detail: {
          clusterArn: [arn(`cluster/${cluster}`)],
          group: [`service:${service}`],
          lastStatus: ["STOPPED"],
          // Neither a scaling nor a deployment, and not a streamer that drained and left with status 0.
          $or: [
            { stopCode: ["TaskFailedToStart"] },
            // Of health checks; the scheduler's other reasons begin otherwise.
            { stopCode: ["ServiceSchedulerInitiated"], stoppedReason: [{ prefix: "Task failed" }] },
            {
              stopCode: ["EssentialContainerExited"],
              containers: { exitCode: [{ "anything-but": [0] }] },
            },
          ],
        },
      },
      text: `A streamer of ${where} failed: ${EventField.fromPath("$.detail.stoppedReason")} (${EventField.fromPath("$.detail.taskArn")})`,
    },
  ]
  for (const { name, pattern, text } of events)
    new Rule(scope, name, {
      eventPattern: { source: ["aws.ecs"], ...pattern },
      targets: [new SnsTopic(topic, { message: RuleTargetInput.fromText(text) })],
    })
}
