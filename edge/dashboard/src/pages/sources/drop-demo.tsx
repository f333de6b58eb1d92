import { Alert, Button, Stack, Text } from "@mantine/core"
import { IconInfoCircle } from "@tabler/icons-react"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { path } from "../../api/call.ts"
import { tellDone } from "../../parts/tell.ts"
import { demoToDrop } from "./demo-source.ts"
import { useChange } from "./sources-queries.ts"

/** Offers to delete the demo provider as soon as there is a real one. */
export function DropDemo({ sources }: { sources: readonly SourceRow[] }) {
  const demo = demoToDrop(sources)
  const remove = useChange("DELETE", path("sources", demo?.id ?? ""), "The demo provider was not deleted")
  if (demo === null) return null
  return (
    <Alert
      color="gray"
      variant="outline"
      role="note"
      icon={<IconInfoCircle aria-hidden />}
      title="The demo provider is still a source"
    >
      <Stack align="flex-start" gap="xs">
        <Text size="sm">
          Its test pictures stand among your channels until the next start. Without it, only what your
          provider has stays in the playlist.
        </Text>
        <Button
          size="xs"
          variant="default"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(undefined, { onSuccess: () => tellDone("The demo provider is deleted.") })
          }
        >
          Delete the demo provider
        </Button>
      </Stack>
    </Alert>
  )
}
