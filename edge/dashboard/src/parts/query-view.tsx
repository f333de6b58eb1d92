import { Alert, Button, Center, Loader, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import type { UseQueryResult } from "@tanstack/react-query"
import type { ReactNode } from "react"

interface QueryViewProps<Data> {
  query: UseQueryResult<Data>
  children: (data: Data) => ReactNode
}

/** What was asked for; while it is on its way, or when it did not come, that instead. Old data stays in sight. */
export function QueryView<Data>({ query, children }: QueryViewProps<Data>) {
  const { data, error, isFetching, refetch } = query
  if (error === null)
    return data === undefined ? (
      <Center mih={160}>
        <Loader role="status" aria-label="Loading" />
      </Center>
    ) : (
      children(data)
    )
  return (
    <Stack>
      <Alert
        color="red"
        role="alert"
        icon={<IconAlertTriangle aria-hidden />}
        title="This could not be loaded"
      >
        <Stack align="flex-start" gap="xs">
          <Text size="sm">{error.message}</Text>
          <Button size="xs" variant="light" color="red" loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </Stack>
      </Alert>
      {data !== undefined && children(data)}
    </Stack>
  )
}
