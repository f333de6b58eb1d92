import { Center, Paper, Text } from "@mantine/core"
import { QRCodeSVG } from "qrcode.react"

/** The playlist's address for a camera. Dark on light in a dark page too, as many readers know no other. */
export function PlaylistCode({ playlist }: { playlist: string }) {
  return (
    <Paper withBorder p="sm">
      <Center>
        <QRCodeSVG value={playlist} size={200} marginSize={4} title="QR code of the playlist's address" />
      </Center>
      <Text size="sm" ta="center" mt="xs">
        A TV or phone takes the playlist's address by its camera.
      </Text>
    </Paper>
  )
}
