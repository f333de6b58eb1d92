import { Alert, Button, Fieldset, Group, Stack, Text, Title } from "@mantine/core"
import { IconAlertTriangle, IconInfoCircle, IconKey } from "@tabler/icons-react"
import type { ViewerAddress } from "@tributary/shared/admin-api/viewers"
import { CopyField } from "../../../parts/copy-field.tsx"
import { isOnlyHere } from "../../../parts/only-here.ts"
import { useAddresses } from "../viewers-queries.ts"
import { PlaylistCode } from "./playlist-code.tsx"

interface AddressesProps {
  username: string
  /** Opens the form in which the password can be set anew. */
  onChange: () => void
}

/** What a viewer enters in their players; asked for by a click, as the password is in it. */
export function Addresses({ username, onChange }: AddressesProps) {
  const { data, error, isPending, mutate, reset } = useAddresses(username)
  return (
    <Stack gap="sm" component="section" aria-labelledby="viewer-addresses">
      <Title order={3} size="h5" id="viewer-addresses">
        Addresses for players
      </Title>
      {error !== null && (
        <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title="They cannot be shown">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{error.message}</Text>
            <Button size="xs" variant="default" onClick={onChange}>
              Set a password
            </Button>
          </Stack>
        </Alert>
      )}
      {data === undefined ? (
        <>
          <Text size="sm">
            They hold the password. That they were looked at stands in the list of changes.
          </Text>
          <Group>
            <Button
              leftSection={<IconKey size={16} aria-hidden />}
              loading={isPending}
              onClick={() => mutate()}
            >
              Show addresses
            </Button>
          </Group>
        </>
      ) : (
        <>
          <ShownAddresses address={data} />
          <Group>
            <Button variant="default" onClick={reset}>
              Hide them
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}

function ShownAddresses({ address }: { address: ViewerAddress }) {
  const { playlist, xtream, guide, hdhr } = address
  return (
    <Stack gap="sm">
      {isOnlyHere(address.baseUrl) && (
        <Alert icon={<IconInfoCircle aria-hidden />} title="These addresses work on the server itself only">
          Start with BASE_URL set to an address that your players reach, like http://192.168.1.20:8080.
        </Alert>
      )}
      <CopyField label="Playlist (M3U)" value={playlist} />
      <PlaylistCode playlist={playlist} />
      <Fieldset legend="Xtream login" p="sm">
        <Stack gap="xs">
          <CopyField label="Server" value={xtream.server} />
          <CopyField label="Username" value={xtream.username} />
          <CopyField label="Password" value={xtream.password} />
        </Stack>
      </Fieldset>
      <CopyField label="Guide (XMLTV)" value={guide} />
      <CopyField label="Network tuner (HDHomeRun): Plex, Emby, Jellyfin" value={hdhr} />
    </Stack>
  )
}
