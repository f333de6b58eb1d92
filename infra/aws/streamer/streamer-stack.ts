import { CfnOutput, type StackProps } from "aws-cdk-lib"
import type { Construct } from "constructs"
import { createAlarms } from "../alarms/alarms.ts"
import { createFailureEvents } from "../alarms/failure-events.ts"
import type { Environment } from "../environment/environment-settings.ts"
import type { RegionSettings } from "../environment/region-settings.ts"
import { namesOf } from "../names.ts"
import type { BaseStack } from "../region/base-stack.ts"
import { RegionStack } from "../region/region-stack.ts"
import { createExecutionRole } from "./roles.ts"
import { createService } from "./service.ts"
import { createTaskDefinition } from "./task-definition.ts"

/** The streamers of a region. To be deployed when the image is pushed and the secrets are filled in. */
export class StreamerStack extends RegionStack {
  constructor(
    scope: Construct,
    environment: Environment,
    region: RegionSettings,
    { base, ...props }: StackProps & { base: BaseStack },
  ) {
    const names = namesOf(environment)
    super(scope, names.stack(`${region.awsRegion}-streamer`), region, props)
    const executionRole = createExecutionRole(this)
    const taskDefinition = createTaskDefinition(this, environment, region, { base, executionRole })
    const service = createService(this, environment, region, base, taskDefinition)
    // Else the first task may be started before the role may read its secrets.
    service.node.addDependency(executionRole)
    createAlarms(this, environment, { topic: base.alarmTopic, logGroup: base.logGroup })
    createFailureEvents(this, environment, base.alarmTopic)
    new CfnOutput(this, "ServiceName", { value: `${names.cluster}/${names.service}` })
    new CfnOutput(this, "TaskDefinitionArn", { value: taskDefinition.taskDefinitionArn })
  }
}
