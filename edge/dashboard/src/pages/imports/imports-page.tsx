import { Anchor, Button, Stack, Text } from "@mantine/core"
import { IconPackageExport } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { Link } from "react-router"
import { PageHead } from "../../app/page-head.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { ImportCard } from "./import-card.tsx"
import { importsQuery, useRunImport } from "./imports-queries.ts"

/** What is imported, when, and how it went. */
export function Component() {
  const imports = useQuery(importsQuery)
  const run = useRunImport()
  return (
    <>
      <PageHead
        title="Imports"
        lead="Lists and guides are read from their sources again and again; a new playlist is published whenever something changed. What fails leaves the last good one in force."
        actions={
          <Button
            leftSection={<IconPackageExport size={16} aria-hidden />}
            loading={run.isPending}
            onClick={() => run.mutate({ job: { kind: "publish", source: null } })}
          >
            Publish now
          </Button>
        }
      />
      <QueryView query={imports}>
        {(jobs) => (
          <Stack gap="sm">
            {jobs.every(({ kind }) => kind === "publish") && (
              <Text>
                There is nothing to import yet:{" "}
                <Anchor component={Link} to="/sources" underline="always">
                  add a source
                </Anchor>
                .
              </Text>
            )}
            {jobs.map((job) => (
              <ImportCard key={job.id} job={job} />
            ))}
          </Stack>
        )}
      </QueryView>
    </>
  )
}
