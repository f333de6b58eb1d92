import { Stack } from "aws-cdk-lib"
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Topic } from "aws-cdk-lib/aws-sns"
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import type { Construct } from "constructs"
import type { Environment } from "../environment/environment-settings.ts"

/** Where every alarm of a region goes; over TLS only. */
export function createAlarmTopic(scope: Construct, { name, alarmEmail }: Environment): Topic {
  const topic = new Topic(scope, "Alarms", {
    displayName: `${name} in ${Stack.of(scope).region}`,
    enforceSSL: true,
  })
  // With a policy of its own a topic loses the one that lets its account's alarms publish. What events need
  // is added with each rule.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsOfThisAccount",
      actions: ["sns:Publish"],
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  )
  if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail))
  return topic
}
