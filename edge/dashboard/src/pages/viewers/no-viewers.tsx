import { Button, Stack, Text, Title } from "@mantine/core"

/** In place of an empty list. */
export function NoViewers({ onAdd }: { onAdd: () => void }) {
  return (
    <Stack align="flex-start" py="xl">
      <Title order={2} size="h4">
        There are no viewers yet
      </Title>
      <Text size="sm">
        Nobody can watch before there is one. A viewer has a username and a password, which players ask for.
      </Text>
      <Button onClick={onAdd}>Add a viewer</Button>
    </Stack>
  )
}
