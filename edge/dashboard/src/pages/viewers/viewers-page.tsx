import { Button } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useSearchParams } from "react-router"
import { PageHead } from "../../app/page-head.tsx"
import { confirm } from "../../parts/confirm.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { ViewerDrawer } from "./drawer/viewer-drawer.tsx"
import { ViewerFormDrawer } from "./form/viewer-form-drawer.tsx"
import type { ViewerActs } from "./list/viewer-acts.ts"
import { ViewerList } from "./list/viewer-list.tsx"
import { NoViewers } from "./no-viewers.tsx"
import { useDeleteViewer, viewersQuery } from "./viewers-queries.ts"

/** The form that is open: of a new viewer, or of this one. */
type OpenForm = { kind: "none" } | { kind: "new" } | { kind: "change"; username: string }

/** Who may watch, and what they play. */
export function Component() {
  const viewers = useQuery(viewersQuery)
  const [form, setForm] = useState<OpenForm>({ kind: "none" })
  const [parameters, setParameters] = useSearchParams()
  const open = parameters.get("viewer")
  const openViewer = (username: string | null) => setParameters(username === null ? {} : { viewer: username })
  const remove = useDeleteViewer(() => openViewer(null))

  const acts: ViewerActs = {
    onOpen: openViewer,
    onChange: (username) => setForm({ kind: "change", username }),
    onDelete: (username) =>
      confirm({
        title: `Delete ${username}?`,
        text: "Their sessions end, and players that have their login are refused.",
        verb: "Delete",
        onConfirm: () => remove.mutate(username),
      }),
  }
  const closeForm = () => setForm({ kind: "none" })
  const changed =
    form.kind === "change" ? viewers.data?.find(({ username }) => username === form.username) : null
  const onAdd = () => setForm({ kind: "new" })

  return (
    <>
      <PageHead
        title="Viewers"
        lead="Who may watch: each has a login of their own, for as many sessions, groups and as long as you say."
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
            Add a viewer
          </Button>
        }
      />
      <QueryView query={viewers}>
        {(rows) =>
          rows.length === 0 ? <NoViewers onAdd={onAdd} /> : <ViewerList viewers={rows} acts={acts} />
        }
      </QueryView>
      {open !== null && form.kind === "none" && (
        <ViewerDrawer
          key={open}
          username={open}
          viewer={viewers.data?.find(({ username }) => username === open)}
          isLoaded={viewers.data !== undefined}
          acts={acts}
          onClose={() => openViewer(null)}
        />
      )}
      {form.kind !== "none" && changed !== undefined && (
        <ViewerFormDrawer
          row={changed}
          onClose={closeForm}
          onSaved={(username) => {
            closeForm()
            if (form.kind === "new") openViewer(username)
          }}
        />
      )}
    </>
  )
}
