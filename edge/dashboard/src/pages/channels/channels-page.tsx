import { Group, Text } from "@mantine/core"
import { useCallback } from "react"
import { useSearchParams } from "react-router"
import { PageHead } from "../../app/page-head.tsx"
import { count } from "../../parts/figures.ts"
import { QueryView } from "../../parts/query-view.tsx"
import styles from "./channels-page.module.css"
import { ChannelDrawer } from "./drawer/channel-drawer.tsx"
import { FilterBar } from "./filters/filter-bar.tsx"
import { useChannelFilters } from "./filters/use-channel-filters.ts"
import { NoChannels } from "./no-channels.tsx"
import { usePublication } from "./publication.ts"
import { PublicationNote } from "./publication-note.tsx"
import { BulkBar } from "./selection/bulk-bar.tsx"
import { useSelection } from "./selection/use-selection.ts"
import { ChannelTable, mostRowsShown } from "./table/channel-table.tsx"
import { RowsFailed } from "./table/rows-failed.tsx"
import { useChannelRows } from "./table/use-channel-rows.ts"

const lead = "What viewers can pick: everything that your sources have, and what you made of it."

export function Component() {
  const [filters, changeFilters] = useChannelFilters()
  const { first, shown, rowAt, onSight, failed } = useChannelRows(filters)
  const choice = useSelection(shown)
  const publication = usePublication()
  const [parameters, setParameters] = useSearchParams()
  const open = parameters.get("channel")

  const onOpen = useCallback(
    (id: string | null) =>
      setParameters((before) => {
        const after = new URLSearchParams(before)
        if (id === null) after.delete("channel")
        else after.set("channel", id)
        return after
      }),
    [setParameters],
  )
  const onClose = useCallback(() => onOpen(null), [onOpen])

  return (
    <div className={styles.page}>
      <PageHead title="Channels" lead={lead} />
      <FilterBar filters={filters} isSearching={first.isPlaceholderData} onChange={changeFilters} />
      <QueryView query={first}>
        {({ total }) => (
          <>
            <BulkBar selection={choice} total={total} />
            <Group mb="xs" gap="lg">
              <Text size="sm" c="dimmed" role="status" className="figures">
                {totalInWords(total)}
              </Text>
              <PublicationNote publication={publication} />
            </Group>
            <RowsFailed failed={failed} />
            {total === 0 ? (
              <NoChannels filters={shown} onShowAll={changeFilters} />
            ) : (
              <ChannelTable
                total={total}
                shown={shown}
                isStale={first.isPlaceholderData}
                rowAt={rowAt}
                onSight={onSight}
                selection={choice.selection}
                onToggleAll={choice.selection.chosen.size > 0 ? choice.clear : choice.chooseAll}
                onOpen={onOpen}
                onToggle={choice.toggleRow}
                onRange={choice.chooseRange}
              />
            )}
          </>
        )}
      </QueryView>
      <ChannelDrawer id={open} publication={publication} onClose={onClose} onOpen={onOpen} />
    </div>
  )
}

function totalInWords(total: number): string {
  const all = total === 1 ? "1 entry" : `${count(total)} entries`
  return total > mostRowsShown
    ? `${all}; the table has the first ${count(mostRowsShown)}, search for the others`
    : all
}
