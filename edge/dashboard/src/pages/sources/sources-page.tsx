import { Button, Stack, Text, Title } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { useState } from "react"
import { Link, useSearchParams } from "react-router"
import { PageHead } from "../../app/page-head.tsx"
import { SortableItem } from "../../parts/order/sortable-item.tsx"
import { SortableList } from "../../parts/order/sortable-list.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { importsQuery } from "../imports/imports-queries.ts"
import { SourceCard } from "./card/source-card.tsx"
import { titleOf } from "./card/source-words.ts"
import { DropDemo } from "./drop-demo.tsx"
import { SourceDrawer } from "./form/source-drawer.tsx"
import { sourcesQuery, useOrderSources } from "./sources-queries.ts"

const lead =
  "The providers that channels come from, and their accounts. Where several have a channel, the first in this order is tried first."

/** Sources and their profiles. */
export function Component() {
  const sources = useQuery(sourcesQuery)
  const [open, setOpen] = useState<SourceRow | "new" | null>(null)
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen("new")}>
      Add a source
    </Button>
  )
  return (
    <>
      <PageHead title="Sources" lead={lead} actions={add} />
      <QueryView query={sources}>
        {(rows) => (
          <Stack>
            <DropDemo sources={rows} />
            {rows.length === 0 ? <NoSources /> : <SourceList sources={rows} onEdit={setOpen} />}
          </Stack>
        )}
      </QueryView>
      {open !== null && <SourceDrawer row={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </>
  )
}

function NoSources() {
  return (
    <Stack align="flex-start" py="xl">
      <Title order={2} size="h4">
        There is no source yet
      </Title>
      <Text size="sm">
        And so there are no channels. Set-up leads from your provider's login to the first picture.
      </Text>
      <Button component={Link} to="/welcome">
        To the set-up
      </Button>
    </Stack>
  )
}

function SourceList({ sources, onEdit }: { sources: SourceRow[]; onEdit: (source: SourceRow) => void }) {
  const imports = useQuery(importsQuery)
  const order = useOrderSources()
  const [parameters] = useSearchParams()
  const ids = sources.map(({ id }) => id)
  const onOrder = (wanted: string[]) => order.mutate(wanted)
  const nameOf = (id: string) => titleOf(sources.find((one) => one.id === id) ?? { id, name: null })
  return (
    <SortableList ids={ids} nameOf={nameOf} onOrder={onOrder}>
      <Stack>
        {sources.map((source) => (
          <SortableItem key={source.id} id={source.id} name={titleOf(source)} isMovable={ids.length > 1}>
            {(handle) => (
              <SourceCard
                source={source}
                job={imports.data?.find((one) => one.kind === "source" && one.source === source.id)}
                handle={handle}
                ids={ids}
                isNamed={parameters.get("source") === source.id}
                onOrder={onOrder}
                onEdit={() => onEdit(source)}
              />
            )}
          </SortableItem>
        ))}
      </Stack>
    </SortableList>
  )
}
