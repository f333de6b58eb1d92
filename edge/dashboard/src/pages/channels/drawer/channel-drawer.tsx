import { Alert, Button, Loader, Stack, Text } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { lazy, Suspense } from "react"
import { DetailDrawer } from "../../../parts/detail-drawer.tsx"
import { QueryView } from "../../../parts/query-view.tsx"
import { channelQuery } from "../channel-queries.ts"
import { effectiveRow } from "../effective-row.ts"
import type { Publication } from "../publication.ts"
import { PublicationNote } from "../publication-note.tsx"

// Most visits look at the table only.
const ChannelView = lazy(async () => ({ default: (await import("./channel-view.tsx")).ChannelView }))

interface ChannelDrawerProps {
  /** Null: none is open. */
  id: string | null
  publication: Publication
  onClose: () => void
  onOpen: (id: string) => void
}

/** One channel, beside the table; in its place on a phone. */
export function ChannelDrawer({ id, publication, onClose, onOpen }: ChannelDrawerProps) {
  return (
    <DetailDrawer
      title={id === null ? "" : <DrawerTitle id={id} />}
      what="channel"
      isOpen={id !== null}
      onClose={onClose}
    >
      {id !== null && <OpenChannel key={id} id={id} publication={publication} onOpen={onOpen} />}
    </DetailDrawer>
  )
}

function DrawerTitle({ id }: { id: string }) {
  const { data } = useQuery(channelQuery(id))
  if (data === undefined) return "Channel"
  return "absent" in data ? `Channel ${id}` : effectiveRow(data).name
}

interface OpenChannelProps {
  id: string
  publication: Publication
  onOpen: (id: string) => void
}

function OpenChannel({ id, publication, onOpen }: OpenChannelProps) {
  const query = useQuery(channelQuery(id))
  return (
    <Stack>
      <PublicationNote publication={publication} />
      <QueryView query={query}>
        {(channel) =>
          "absent" in channel ? (
            <AbsentChannel mergedInto={channel.mergedInto} onOpen={onOpen} />
          ) : (
            <Suspense fallback={<Loader role="status" aria-label="Loading" />}>
              <ChannelView channel={channel} />
            </Suspense>
          )
        }
      </QueryView>
    </Stack>
  )
}

function AbsentChannel({ mergedInto, onOpen }: { mergedInto: string | null; onOpen: (id: string) => void }) {
  if (mergedInto === null)
    return (
      <Alert title="No source has this channel now">
        What was changed of it is kept, and applies again when a source has it.
      </Alert>
    )
  return (
    <Alert title="It is merged into another channel">
      <Stack align="flex-start" gap="xs">
        <Text size="sm">Its feeds are feeds of that one. There it can be taken out again.</Text>
        <Button size="xs" onClick={() => onOpen(mergedInto)}>
          Open that channel
        </Button>
      </Stack>
    </Alert>
  )
}
