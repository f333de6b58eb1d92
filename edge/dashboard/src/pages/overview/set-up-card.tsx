import { Button, Card, Group, Text, Title } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { Link } from "react-router"
import { sourcesQuery } from "../sources/sources-queries.ts"
import { needsSetUp } from "../welcome/needs-set-up.ts"

/** Leads on while nothing but the demo is there. */
export function SetUpCard() {
  const { data: sources } = useQuery(sourcesQuery)
  if (sources === undefined || !needsSetUp(sources)) return null
  return (
    <Card
      withBorder
      component="section"
      aria-labelledby="set-up"
      bd="2px solid var(--mantine-primary-color-filled)"
    >
      <Group justify="space-between" gap="sm">
        <div>
          <Title order={2} size="h4" id="set-up">
            Add your provider
          </Title>
          <Text size="sm">
            {sources.length === 0
              ? "There is no source yet, and so there is nothing to watch."
              : "So far there is only the demo provider's test pictures."}{" "}
            Set-up leads from your provider's login to the first picture.
          </Text>
        </div>
        <Button component={Link} to="/welcome">
          To the set-up
        </Button>
      </Group>
    </Card>
  )
}
