import { Duration } from "aws-cdk-lib"
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch"
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions"
import { FilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs"
import type { ITopic } from "aws-cdk-lib/aws-sns"
import type { Construct } from "constructs"
import type { Environment } from "../environment/environment-settings.ts"
import { namesOf } from "../names.ts"

/** Of lines that tell of something lost, as the streamer's log spells them; a provider's failures are warnings. */
export const errorLevels = ["ERROR", "FATAL"] as const

/** More such lines than this in five minutes are an alarm. */
const errorsAllowed = 10

const periodMinutes = 5

interface Watch {
  name: string
  metric: IMetric
  /** Above it is bad. */
  threshold: number
  minutes: number
  meaning: string
}

/** The alarms of a region's service; each tells the topic when it begins and when it ends. */
export function createAlarms(
  scope: Construct,
  environment: Environment,
  { topic, logGroup }: { topic: ITopic; logGroup: ILogGroup },
): void {
  const { cluster, service, stack } = namesOf(environment)
  const of = (namespace: string, metricName: string, statistic: string) =>
    new Metric({
      namespace,
      metricName,
      statistic,
      dimensionsMap: { ClusterName: cluster, ServiceName: service },
      period: Duration.minutes(periodMinutes),
    })
  const watches: Watch[] = [
    {
      name: "Cpu",
      metric: of("AWS/ECS", "CPUUtilization", "Average"),
      ...{ threshold: 85, minutes: 10 },
      meaning: "Streamers' CPU is above 85 %: more tasks per viewer, or larger ones, are needed.",
    },
    {
      name: "Memory",
      metric: of("AWS/ECS", "MemoryUtilization", "Average"),
      ...{ threshold: 85, minutes: 10 },
      meaning: "Streamers' memory is above 85 %: at 100 % a task is killed with all its viewers.",
    },
    {
      name: "Errors",
      metric: countErrors(scope, `Tributary/${cluster}`, logGroup),
      ...{ threshold: errorsAllowed, minutes: periodMinutes },
      meaning: `Streamers log more than ${errorsAllowed} errors in five minutes.`,
    },
  ]
  // Only Container Insights counts the tasks that a service is to have.
  if (environment.containerInsights !== "off")
    watches.push({
      name: "MissingTasks",
      metric: new MathExpression({
        // At no moment of a period enough: a fleet that grows is short for a minute only.
        expression: "desired - running",
        usingMetrics: {
          desired: of("ECS/ContainerInsights", "DesiredTaskCount", "Minimum"),
          running: of("ECS/ContainerInsights", "RunningTaskCount", "Maximum"),
        },
        period: Duration.minutes(periodMinutes),
      }),
      ...{ threshold: 0, minutes: 15 },
      meaning: "Fewer streamers run than the edge has asked for, for 15 minutes.",
    })

  for (const { name, metric, threshold, minutes, meaning } of watches) {
    const alarm = new Alarm(scope, `${name}Alarm`, {
      alarmName: stack(`streamer-${name}`),
      alarmDescription: meaning,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes / periodMinutes,
      // Without a task there is nothing to measure and nothing wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(topic))
    alarm.addOkAction(new SnsAction(topic))
  }
}

function countErrors(scope: Construct, metricNamespace: string, logGroup: ILogGroup): Metric {
  const filter = new MetricFilter(scope, "ErrorLines", {
    logGroup,
    filterPattern: FilterPattern.any(
      ...errorLevels.map((level) => FilterPattern.stringValue("$.level", "=", level)),
    ),
    metricNamespace,
    metricName: "StreamerErrors",
    metricValue: "1",
  })
  return filter.metric({ statistic: "Sum", period: Duration.minutes(periodMinutes) })
}
