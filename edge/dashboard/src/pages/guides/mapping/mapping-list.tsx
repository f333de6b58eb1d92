import { Pagination, Stack, Text } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { SearchField } from "../../../form/search-field.tsx"
import { count } from "../../../parts/figures.ts"
import { QueryView } from "../../../parts/query-view.tsx"
import { mappingPageQuery, pageSize } from "./mapping-queries.ts"
import { MappingRow } from "./mapping-row.tsx"

/** Live channels that have programmes, or that have none, page by page. */
export function MappingList({ hasProgrammes }: { hasProgrammes: boolean }) {
  const [search, setSearch] = useState("")
  const [page, setPage] = useState(1)
  const rows = useQuery(mappingPageQuery({ hasProgrammes, search }, page))
  const onSearch = (text: string) => {
    setSearch(text)
    setPage(1)
  }
  return (
    <Stack gap="sm">
      <SearchField search={search} isSearching={rows.isPlaceholderData} onSearch={onSearch} />
      <QueryView query={rows}>
        {({ total, channels }) => {
          const pages = Math.max(1, Math.ceil(total / pageSize))
          return (
            <>
              <Text size="sm" role="status" className="figures">
                {totalInWords(total, hasProgrammes, search)}
              </Text>
              <Stack component="ul" gap="xs" p={0} m={0}>
                {channels.map((channel) => (
                  <MappingRow key={channel.id} channel={channel} hasProgrammes={hasProgrammes} />
                ))}
              </Stack>
              {(pages > 1 || page > 1) && (
                <Pagination
                  // The last page may be gone, as channels that were mapped are on the other list.
                  value={Math.min(page, pages)}
                  total={pages}
                  onChange={setPage}
                  siblings={0}
                  getControlProps={(control) => ({ "aria-label": `The ${control} page` })}
                  getItemProps={(item) => ({ "aria-label": `Page ${item}` })}
                  aria-label="Pages of channels"
                />
              )}
            </>
          )
        }}
      </QueryView>
    </Stack>
  )
}

function totalInWords(total: number, hasProgrammes: boolean, search: string): string {
  if (total > 0) return `${count(total)} ${total === 1 ? "channel" : "channels"}`
  if (search !== "") return "No channel has this name."
  return hasProgrammes
    ? "No live channel has programmes yet."
    : "Every live channel that is shown has programmes."
}
