import { Annotations, App, type AppProps, type Stack, type StackProps, Tags } from "aws-cdk-lib"
import { EdgeStack } from "./account/edge-stack.ts"
import { SecretsStack } from "./account/secrets-stack.ts"
import type { Environment } from "./environment/environment-settings.ts"
import { BaseStack } from "./region/base-stack.ts"
import { StreamerStack } from "./streamer/streamer-stack.ts"

/** An app without stacks. What it makes depends on nothing but its settings, wherever it runs. */
export function createApp(props: Pick<AppProps, "outdir" | "builtinCloudFormationValidation"> = {}): App {
  return new App({
    ...props,
    analyticsReporting: false,
    treeMetadata: false,
    context: {
      "@aws-cdk/aws-iam:minimizePolicies": true,
      "@aws-cdk/aws-ecs:arnFormatIncludesClusterName": true,
      "@aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions": true,
      "@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm": true,
      "@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker": true,
      "@aws-cdk/core:checkSecretUsage": true,
      // What CloudFormation would refuse is refused before it is deployed.
      "@aws-cdk/core:strictCfnValidateErrors": true,
      // A base stack may not take away what the streamers of its region use.
      "@aws-cdk/core:defaultCrossStackReferences": "strong",
    },
  })
}

/** Adds every stack of an environment: two of the account, in the home region, and two for each region. */
export function buildStacks(app: App, environment: Environment): void {
  const inRegion = (region: string): StackProps => ({
    env: { region, ...(environment.account === undefined ? {} : { account: environment.account }) },
  })
  const home = environment.regions[0]?.awsRegion ?? ""
  const secrets = new SecretsStack(app, environment, inRegion(home))
  new EdgeStack(app, environment, inRegion(home))
  for (const region of environment.regions) {
    const base = new BaseStack(app, environment, region, inRegion(region.awsRegion))
    const streamer = new StreamerStack(app, environment, region, { ...inRegion(region.awsRegion), base })
    warnOfExample(streamer, environment)
    streamer.addStackDependency(secrets, "a task does not start without its secrets")
  }
  Tags.of(app).add("tributary:environment", environment.name)
}

/** Domains under `.example` exist nowhere (RFC 2606). */
function warnOfExample(stack: Stack, { streamerDomain }: Environment): void {
  if (streamerDomain.endsWith(".example"))
    Annotations.of(stack).addWarningV2(
      "tributary:example-domain",
      `${streamerDomain} exists nowhere: set your own domains in environments.ts`,
    )
}
