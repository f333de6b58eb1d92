import { Button, Code, Stack } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { useState } from "react"
import { PageHead } from "../../app/page-head.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { ProfileDrawer } from "./form/profile-drawer.tsx"
import { ProfileCard } from "./profile-card.tsx"
import { transcodeProfilesQuery } from "./profile-queries.ts"

const lead = (
  <>
    What streams can be made into for who needs them smaller, or in another format. Add{" "}
    <Code style={{ whiteSpace: "nowrap" }}>?profile=</Code> and the id to the address of a playlist or of a
    channel.
  </>
)

/** Transcode profiles: the list, the form, and the test run. */
export function Component() {
  const profiles = useQuery(transcodeProfilesQuery)
  const [open, setOpen] = useState<TranscodeProfileRow | "new" | null>(null)
  return (
    <>
      <PageHead
        title="Transcode profiles"
        lead={lead}
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen("new")}>
            Add a transcode profile
          </Button>
        }
      />
      <QueryView query={profiles}>
        {(rows) => (
          <Stack gap="sm">
            {rows.map((row) => (
              <ProfileCard key={row.id} row={row} onEdit={() => setOpen(row)} />
            ))}
          </Stack>
        )}
      </QueryView>
      {open !== null && (
        <ProfileDrawer
          row={open === "new" ? null : open}
          profiles={profiles.data ?? []}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}
