import { Button, Card, Group, Text, Title } from "@mantine/core"
import { Link } from "react-router"

/** When nothing runs: how something does. */
export function NobodyWatches() {
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        Nobody watches just now
      </Title>
      <Text size="sm" mt="xs" mb="sm">
        A stream runs from the moment a player opens a channel. Play one here in the page, or give a player
        the playlist's address.
      </Text>
      <Group gap="xs">
        <Button component={Link} to="/channels">
          Choose a channel
        </Button>
        <Button component={Link} to="/welcome" variant="default">
          Set up a player
        </Button>
      </Group>
    </Card>
  )
}
