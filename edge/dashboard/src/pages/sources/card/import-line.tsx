import { Button, Group, Progress, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { Link } from "react-router"
import { count, fromNow } from "../../../parts/figures.ts"
import { useRunImport } from "../../imports/imports-queries.ts"
import { phaseWords, progressOf } from "../../imports/phase.ts"

interface ImportLineProps {
  /** The source's title. */
  name: string
  /** Undefined: not known yet. */
  job: ImportRow | undefined
}

/** How a source's import is, or how the last one went. */
export function ImportLine({ name, job }: ImportLineProps) {
  const run = useRunImport()
  if (job === undefined) return null
  const { running, error, entries, keptEntries } = job
  return (
    <Stack gap={4}>
      {running && (
        <Progress.Root size="lg">
          <Progress.Section
            value={progressOf(job) ?? 100}
            striped
            animated
            aria-label={`Import of ${name}: ${phaseWords(job)}`}
          />
        </Progress.Root>
      )}
      <Text size="sm" className="figures" role="status">
        {running ? `${phaseWords(job)}: ${count(entries)} entries so far` : lastImport(job, Date.now())}
      </Text>
      {error !== null && !running && (
        <Group gap={6} wrap="nowrap" align="flex-start" role="alert">
          <IconAlertTriangle size={16} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
          <Stack gap={4} align="flex-start">
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {error.message}
              {keptEntries > 0 && ` The ${count(keptEntries)} entries of the last good import stay in force.`}{" "}
              <Link to="/imports">More at Imports</Link>
            </Text>
            {error.code === "shrunken" && (
              <Button
                size="compact-sm"
                variant="default"
                loading={run.isPending}
                onClick={() => run.mutate({ job, accept: true })}
              >
                Take the shorter list
              </Button>
            )}
          </Stack>
        </Group>
      )}
    </Stack>
  )
}

function lastImport(job: ImportRow, now: number): string {
  const { phase, endedAt, entries, error } = job
  if (error !== null && endedAt !== null) return `The import failed ${fromNow(endedAt, now)}.`
  if (phase === "done" && endedAt !== null)
    return `${count(entries)} entries, imported ${fromNow(endedAt, now)}`
  return `Import: ${phaseWords(job).toLowerCase()}`
}
