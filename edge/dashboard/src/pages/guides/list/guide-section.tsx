import { Button, Group, Stack, Text, Title } from "@mantine/core"
import { IconPlus, IconRefresh } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { GuideRow } from "@tributary/shared/admin-api/epg"
import { useState } from "react"
import { QueryView } from "../../../parts/query-view.tsx"
import { importsQuery, useRunImport } from "../../imports/imports-queries.ts"
import { GuideDrawer } from "../form/guide-drawer.tsx"
import { guidesQuery } from "../guides-queries.ts"
import { guideJobs } from "./guide-jobs.ts"
import { GuideList } from "./guide-list.tsx"
import { JobNote } from "./job-note.tsx"
import { SourceGuides } from "./source-guides.tsx"

/** The form that is open: of a new guide, or of this one. */
type OpenForm = { kind: "none" } | { kind: "new" } | { kind: "change"; guide: GuideRow }

/** All guides: those of their own, and those of sources. */
export function GuideSection() {
  const guides = useQuery(guidesQuery)
  const imports = useQuery(importsQuery)
  const run = useRunImport()
  const [form, setForm] = useState<OpenForm>({ kind: "none" })
  const { own, ofSources } = guideJobs(imports.data ?? [])
  const onAdd = () => setForm({ kind: "new" })
  const hasGuides = guides.data !== undefined && guides.data.length > 0
  return (
    <>
      <Stack gap="sm" component="section" aria-labelledby="own-guides">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4" id="own-guides">
            Guides
          </Title>
          {hasGuides && (
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconRefresh size={16} aria-hidden />}
                loading={run.isPending}
                disabled={own?.running === true}
                onClick={() => run.mutate({ job: { kind: "guide", source: null } })}
              >
                Import now
              </Button>
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
                Add a guide
              </Button>
            </Group>
          )}
        </Group>
        <QueryView query={guides}>
          {(rows) =>
            rows.length === 0 ? (
              <NoGuides onAdd={onAdd} />
            ) : (
              <>
                <Text size="sm">
                  Of what two of them say of a channel at one time, the upper one's counts.
                </Text>
                {own !== null && <JobNote job={own} />}
                <GuideList guides={rows} onChange={(guide) => setForm({ kind: "change", guide })} />
              </>
            )
          }
        </QueryView>
      </Stack>
      <Stack gap="sm" mt="xl" component="section" aria-labelledby="source-guides">
        <Title order={2} size="h4" id="source-guides">
          Guides of sources
        </Title>
        <Text size="sm">They come after the guides above, in the order of the sources.</Text>
        <QueryView query={imports}>{() => <SourceGuides jobs={ofSources} />}</QueryView>
      </Stack>
      {form.kind !== "none" && (
        <GuideDrawer
          guide={form.kind === "change" ? form.guide : null}
          onClose={() => setForm({ kind: "none" })}
        />
      )}
    </>
  )
}

function NoGuides({ onAdd }: { onAdd: () => void }) {
  return (
    <Stack align="flex-start" gap="sm">
      <Text size="sm">
        There is no guide beside those of your sources. Add one where channels have no programmes.
      </Text>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
        Add a guide
      </Button>
    </Stack>
  )
}
