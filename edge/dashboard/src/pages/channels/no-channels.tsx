import { Button, Group, Stack, Text, Title } from "@mantine/core"
import { Link } from "react-router"
import { type ChannelFilters, isFiltered, noFilters } from "./filters/channel-filters.ts"

interface NoChannelsProps {
  filters: ChannelFilters
  onShowAll: (filters: ChannelFilters) => void
}

/** In place of an empty table: why it is empty, and what to do about it. */
export function NoChannels({ filters, onShowAll }: NoChannelsProps) {
  if (isFiltered(filters))
    return (
      <Stack align="flex-start" py="xl">
        <Title order={2} size="h4">
          Nothing matches
        </Title>
        <Text size="sm">No channel is all that the filters ask for.</Text>
        <Button onClick={() => onShowAll(noFilters)}>Show all</Button>
      </Stack>
    )
  return (
    <Stack align="flex-start" py="xl">
      <Title order={2} size="h4">
        There are no channels yet
      </Title>
      <Text size="sm">They come with the first import of a source.</Text>
      <Group>
        <Button component={Link} to="/sources">
          Add a source
        </Button>
        <Button component={Link} to="/imports" variant="default">
          Look at the imports
        </Button>
      </Group>
    </Stack>
  )
}
