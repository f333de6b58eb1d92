import { Alert, Button, Group, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import type { UseQueryResult } from "@tanstack/react-query"

/** Says why rows in sight are missing, or old. */
export function RowsFailed({ failed }: { failed: UseQueryResult | undefined }) {
  if (failed === undefined) return null
  return (
    <Alert
      color="red"
      role="alert"
      mb="xs"
      icon={<IconAlertTriangle aria-hidden />}
      title="Some rows could not be loaded"
    >
      <Group justify="space-between">
        <Text size="sm">{failed.error?.message}</Text>
        <Button
          size="xs"
          variant="light"
          color="red"
          loading={failed.isFetching}
          onClick={() => void failed.refetch()}
        >
          Try again
        </Button>
      </Group>
    </Alert>
  )
}
