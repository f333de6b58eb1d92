import { TagsInput, type TagsInputProps } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { groupsQuery } from "../pages/channels/channel-queries.ts"
import { groupChoices } from "../pages/channels/filters/group-choices.ts"

const mostSuggested = 50

/** Groups of a channel: those that there are, by typing their beginning, and new ones. */
export function GroupsInput(props: Omit<TagsInputProps, "data" | "limit">) {
  const { data } = useQuery(groupsQuery)
  const names = groupChoices(data?.groups ?? [], null).map(({ name }) => name)
  // A group's name may have a comma: Enter alone ends one.
  return (
    <TagsInput
      data={names}
      limit={mostSuggested}
      splitChars={[]}
      clearable
      clearButtonProps={{ "aria-label": "No groups" }}
      acceptValueOnBlur
      openOnFocus
      {...props}
    />
  )
}
