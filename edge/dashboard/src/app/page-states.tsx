import { Alert, Button, Center, Loader, Stack, Text, Title } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { Link, useRouteError } from "react-router"

/** While a page's code comes. */
export function PageLoading() {
  return (
    <Center h="60vh">
      <Loader role="status" aria-label="Loading the page" />
    </Center>
  )
}

/** A page whose code did not come (a newer version was deployed meanwhile), or that failed. */
export function PageFailed() {
  const error = useRouteError()
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="This page could not be shown">
      <Stack align="flex-start">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </Stack>
    </Alert>
  )
}

export function PageMissing() {
  return (
    <Stack align="flex-start">
      <Title order={1}>There is nothing here</Title>
      <Button component={Link} to="/">
        To the overview
      </Button>
    </Stack>
  )
}
