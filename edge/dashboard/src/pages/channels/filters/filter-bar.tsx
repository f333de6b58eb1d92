import { Button, Group, Select } from "@mantine/core"
import type { EntryKind } from "@tributary/shared/catalogue/entry"
import { SearchField } from "../../../form/search-field.tsx"
import { type ChannelFilters, isFiltered, noFilters } from "./channel-filters.ts"
import { GroupSelect } from "./group-select.tsx"

interface FilterBarProps {
  filters: ChannelFilters
  /** Whether other rows are on their way. */
  isSearching: boolean
  onChange: (change: Partial<ChannelFilters>) => void
}

const kinds: { value: EntryKind; label: string }[] = [
  { value: "live", label: "Channels" },
  { value: "movie", label: "Movies" },
  { value: "series", label: "Series" },
  { value: "episode", label: "Episodes" },
]
const hiddenChoices = [
  { value: "false", label: "Shown" },
  { value: "true", label: "Hidden" },
]
const guideChoices = [
  { value: "true", label: "With a guide" },
  { value: "false", label: "Without a guide" },
]

/** What is asked for: each filter narrows what the others leave. */
export function FilterBar({ filters, isSearching, onChange }: FilterBarProps) {
  return (
    <Group component="search" align="flex-end" gap="sm" mb="sm" aria-label="Filter channels">
      <SearchField
        search={filters.search}
        isSearching={isSearching}
        onSearch={(search) => onChange({ search })}
      />
      <GroupSelect group={filters.group} onGroup={(group) => onChange({ group })} />
      <Select
        label="Kind"
        placeholder="All kinds"
        clearable
        clearButtonProps={{ "aria-label": "All kinds" }}
        data={kinds}
        value={filters.kind}
        onChange={(kind) => onChange({ kind })}
        w={{ base: "calc(50% - 6px)", sm: 130 }}
      />
      <FlagSelect
        label="Hidden"
        anyLabel="Hidden or not"
        choices={hiddenChoices}
        value={filters.hidden}
        onChange={(hidden) => onChange({ hidden })}
      />
      <FlagSelect
        label="Guide"
        anyLabel="With or not"
        choices={guideChoices}
        value={filters.guide}
        onChange={(guide) => onChange({ guide })}
      />
      {isFiltered(filters) && (
        <Button variant="subtle" px="xs" onClick={() => onChange(noFilters)}>
          Show all
        </Button>
      )}
    </Group>
  )
}

interface FlagSelectProps {
  label: string
  anyLabel: string
  choices: { value: string; label: string }[]
  value: boolean | null
  onChange: (value: boolean | null) => void
}

function FlagSelect({ label, anyLabel, choices, value, onChange }: FlagSelectProps) {
  return (
    <Select
      label={label}
      placeholder={anyLabel}
      clearable
      clearButtonProps={{ "aria-label": anyLabel }}
      data={choices}
      value={value === null ? null : String(value)}
      onChange={(chosen) => onChange(chosen === null ? null : chosen === "true")}
      w={{ base: "calc(50% - 6px)", sm: 160 }}
    />
  )
}
