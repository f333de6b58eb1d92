import { Alert, Box, Button, Group, Stack, Text, Title } from "@mantine/core"
import { IconInfoCircle } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { ViewerAddress, ViewerRow } from "@tributary/shared/admin-api/viewers"
import { QRCodeSVG } from "qrcode.react"
import { CopyField } from "../../../parts/copy-field.tsx"
import { isOnlyHere } from "../../../parts/only-here.ts"
import { QueryView } from "../../../parts/query-view.tsx"
import { PlayerTabs } from "../players/player-tabs.tsx"
import { addressQuery, firstChannelQuery } from "../welcome-queries.ts"
import { StepFrame } from "./step-frame.tsx"

interface AddressStepProps {
  viewer: ViewerRow
  onAnother: () => void
  onNext: () => void
}

/** What a viewer enters in players. */
export function AddressStep({ viewer, onAnother, onNext }: AddressStepProps) {
  const address = useQuery(addressQuery(viewer.username))
  const channels = useQuery(firstChannelQuery)
  return (
    <StepFrame
      title={`Addresses for ${viewer.username}`}
      lead="Whoever has one of these can watch as this viewer: give them to nobody else."
      ways={
        <>
          <Button onClick={onNext}>Go on to a picture</Button>
          <Button variant="subtle" onClick={onAnother}>
            Another viewer
          </Button>
        </>
      }
    >
      <QueryView query={address}>
        {(ready) => (
          <Stack>
            <Reach baseUrl={ready.baseUrl} />
            <Playlist address={ready} />
            <Title order={3} size="h5">
              Set up a player
            </Title>
            <PlayerTabs
              address={ready}
              figures={{ maxStreams: viewer.maxStreams, channels: channels.data?.total ?? null }}
            />
          </Stack>
        )}
      </QueryView>
    </StepFrame>
  )
}

function Playlist({ address: { playlist, guide, username, password } }: { address: ViewerAddress }) {
  return (
    <Group align="flex-start" gap="lg">
      <Stack flex={1} miw={260} gap="xs">
        <CopyField label="Playlist" value={playlist} />
        <CopyField label="Guide (XMLTV)" value={guide} />
        <CopyField label="Username" value={username} />
        <CopyField label="Password" value={password} />
      </Stack>
      <Box>
        {/* White around it in the dark too: cameras want dark on light (ISO/IEC 18004). */}
        <QRCodeSVG value={playlist} size={176} marginSize={4} title="QR code of the playlist address" />
        <Text size="xs" maw={176}>
          The playlist address for a TV or a phone: point its camera here.
        </Text>
      </Box>
    </Group>
  )
}

/** Says when the addresses are of no use elsewhere. */
function Reach({ baseUrl }: { baseUrl: string }) {
  if (!isOnlyHere(baseUrl)) return null
  return (
    <Alert
      color="gray"
      variant="outline"
      role="note"
      icon={<IconInfoCircle aria-hidden />}
      title="These addresses work on this machine only"
    >
      <Text size="sm">
        They begin with {baseUrl}. For other devices, start the system with BASE_URL set to an address that
        they reach, http://192.168.1.10:8080 for example.
      </Text>
    </Alert>
  )
}
