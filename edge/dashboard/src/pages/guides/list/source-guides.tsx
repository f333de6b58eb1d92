import { Anchor, Card, Stack, Text } from "@mantine/core"
import { Link } from "react-router"
import type { GuideJobs } from "./guide-jobs.ts"
import { JobNote } from "./job-note.tsx"

/** The guides that came with sources: they are read with them, and are set there. */
export function SourceGuides({ jobs }: { jobs: GuideJobs["ofSources"] }) {
  if (jobs.length === 0) return <Text size="sm">No source has a guide of its own.</Text>
  return (
    <Stack gap="xs">
      {jobs.map((job) => (
        <Card key={job.id} withBorder p="sm">
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            Guide of{" "}
            <Anchor component={Link} to="/sources" inherit underline="always">
              {job.source}
            </Anchor>
          </Text>
          <JobNote job={job} />
        </Card>
      ))}
    </Stack>
  )
}
