import { Alert, Button, Container, Stack, Text } from "@mantine/core"
import { IconPlugConnectedX } from "@tabler/icons-react"

/** In place of everything while not even the session can be asked for. */
export function ServerAway({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Container size="xs" pt="15vh">
      <Alert color="red" icon={<IconPlugConnectedX aria-hidden />} title="The dashboard has no connection">
        <Stack align="flex-start">
          <Text size="sm">{error.message}</Text>
          <Button onClick={onRetry}>Try again</Button>
        </Stack>
      </Alert>
    </Container>
  )
}
