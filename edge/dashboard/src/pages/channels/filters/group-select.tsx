import { Select } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { count } from "../../../parts/figures.ts"
import { groupsQuery } from "../channel-queries.ts"
import { groupChoices } from "./group-choices.ts"

interface GroupSelectProps {
  group: string | null
  onGroup: (group: string | null) => void
}

// A list of thousands is found by typing.
const mostShown = 100

export function GroupSelect({ group, onGroup }: GroupSelectProps) {
  const { data, isPending } = useQuery(groupsQuery)
  const choices = groupChoices(data?.groups ?? [], group)
  return (
    <Select
      label="Group"
      placeholder={isPending ? "Loading…" : "All groups"}
      nothingFoundMessage="No group has this name"
      searchable
      clearable
      clearButtonProps={{ "aria-label": "All groups" }}
      limit={mostShown}
      data={choices.map(({ name, entries }) => ({
        value: name,
        label: entries === null ? name : `${name} (${count(entries)})`,
      }))}
      value={group}
      onChange={onGroup}
      w={{ base: "calc(50% - 6px)", sm: 200 }}
    />
  )
}
