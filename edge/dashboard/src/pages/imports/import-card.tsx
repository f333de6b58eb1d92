import { Alert, Badge, Button, Card, Group, List, Progress, Text, Title } from "@mantine/core"
import { IconAlertTriangle, IconCheck, IconRefresh } from "@tabler/icons-react"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { byteSize, count, duration, fromNow } from "../../parts/figures.ts"
import { useRunImport } from "./imports-queries.ts"
import { phaseWords, progressOf } from "./phase.ts"

/** One job: how far it is, or how it went. */
export function ImportCard({ job }: { job: ImportRow }) {
  const run = useRunImport()
  const name = nameOf(job)
  const isShrunken = job.error?.code === "shrunken"
  return (
    <Card withBorder component="section" aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            {name}
          </Title>
          <State job={job} />
        </Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={run.isPending}
          disabled={job.running}
          aria-label={`Run now: ${name}`}
          onClick={() => run.mutate({ job })}
        >
          Run now
        </Button>
      </Group>
      {job.running && (
        <Progress.Root mt="sm" size="lg">
          <Progress.Section
            value={progressOf(job) ?? 100}
            striped
            animated
            aria-label={`${name}: ${phaseWords(job)}`}
          />
        </Progress.Root>
      )}
      <Text size="sm" mt="xs" className="figures" role={job.running ? "status" : undefined}>
        {accountOf(job, Date.now())}
      </Text>
      {job.error !== null && (
        <Alert color="red" mt="sm" icon={<IconAlertTriangle aria-hidden />} title="It failed">
          <Text size="sm">{job.error.message}</Text>
          {job.keptEntries > 0 && (
            <Text size="sm">The {count(job.keptEntries)} entries of the last good import stay in force.</Text>
          )}
          {isShrunken && (
            <Button
              size="xs"
              mt="xs"
              color="red"
              loading={run.isPending}
              onClick={() => run.mutate({ job, accept: true })}
            >
              Take the shorter list
            </Button>
          )}
        </Alert>
      )}
      {job.problems.length > 0 && (
        <Alert
          color="yellow"
          mt="sm"
          icon={<IconAlertTriangle aria-hidden />}
          title="Not everything could be had"
        >
          <List size="sm">
            {job.problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Card>
  )
}

function State({ job }: { job: ImportRow }) {
  if (job.phase === "failed" && !job.running)
    return (
      <Badge color="red.9" variant="filled" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
        Failed
      </Badge>
    )
  if (job.phase === "done" && !job.running)
    return (
      <Badge color="teal.9" variant="filled" leftSection={<IconCheck size={12} aria-hidden />}>
        Done
      </Badge>
    )
  return (
    <Badge variant="outline" color="gray">
      {phaseWords(job)}
    </Badge>
  )
}

function nameOf({ kind, source }: ImportRow): string {
  if (kind === "publish") return "Publishing"
  if (kind === "source") return `Source ${source}`
  return source === null ? "Guide sources" : `Guide of ${source}`
}

function accountOf(job: ImportRow, now: number): string {
  const { kind, running, entries, bytes, durationMs, endedAt, dueAt } = job
  const what = kind === "guide" ? "programmes" : kind === "publish" ? "channels" : "entries"
  const parts = [
    running || endedAt !== null ? `${count(entries)} ${what}` : "",
    bytes > 0 ? byteSize(bytes) : "",
    durationMs === null ? "" : `${running ? "for" : "in"} ${duration(durationMs)}`,
    endedAt === null || running ? "" : fromNow(endedAt, now),
    dueAt === null || running ? "" : dueAt === 0 ? "due now" : `next ${fromNow(dueAt, now)}`,
  ]
  return parts.filter((part) => part !== "").join(" · ") || "It has not run yet."
}
