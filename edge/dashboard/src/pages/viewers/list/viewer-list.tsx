import { Stack, Text, TextInput } from "@mantine/core"
import { IconSearch } from "@tabler/icons-react"
import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { useState } from "react"
import { matching } from "../viewer-words.ts"
import type { ViewerActs } from "./viewer-acts.ts"
import { ViewerCards } from "./viewer-cards.tsx"
import { ViewerTable } from "./viewer-table.tsx"

// So many are found at a glance.
const mostWithoutSearch = 8

/** Every viewer: a table, or cards where there is no room for one. */
export function ViewerList({ viewers, acts }: { viewers: readonly ViewerRow[]; acts: ViewerActs }) {
  const [search, setSearch] = useState("")
  const shown = matching(viewers, search)
  return (
    <Stack gap="sm">
      {viewers.length > mostWithoutSearch && (
        <TextInput
          type="search"
          label="Search"
          placeholder="Username"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          w={{ base: "100%", sm: 260 }}
        />
      )}
      <Text role="status" size="sm" hidden={shown.length > 0}>
        {shown.length === 0 && `No viewer's name has "${search.trim()}".`}
      </Text>
      {shown.length > 0 && (
        <>
          <ViewerTable viewers={shown} acts={acts} />
          <ViewerCards viewers={shown} acts={acts} />
        </>
      )}
    </Stack>
  )
}
