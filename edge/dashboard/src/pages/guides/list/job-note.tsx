import { Alert, Group, List, Loader, Text } from "@mantine/core"
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { jobInWords } from "./guide-jobs.ts"

/** How a guide's last import went. */
export function JobNote({ job }: { job: ImportRow }) {
  const { running, phase, error, problems, keptEntries } = job
  return (
    <div>
      <Group gap={6} wrap="nowrap" role="status">
        {running ? (
          <Loader size={14} aria-hidden />
        ) : phase === "failed" ? (
          <IconAlertTriangle size={16} aria-hidden />
        ) : (
          phase === "done" && <IconCheck size={16} aria-hidden />
        )}
        <Text size="sm" className="figures">
          {jobInWords(job, Date.now())}
        </Text>
      </Group>
      {error !== null && !running && (
        <Alert
          color="red"
          mt="xs"
          icon={<IconAlertTriangle aria-hidden />}
          title={
            keptEntries > 0 ? "The programmes of the last good import stay" : "No programmes could be had"
          }
        >
          {error.message}
        </Alert>
      )}
      {problems.length > 0 && (
        <Alert
          color="yellow"
          mt="xs"
          icon={<IconAlertTriangle aria-hidden />}
          title="Not everything could be had"
        >
          <List size="sm">
            {problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </div>
  )
}
