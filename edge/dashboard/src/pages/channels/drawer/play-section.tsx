import { Button, Center, Loader, Stack, Text } from "@mantine/core"
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react"
import { lazy, Suspense, useState } from "react"

const Player = lazy(async () => ({
  default: (await import("../../../player/channel-player.tsx")).ChannelPlayer,
}))

interface PlaySectionProps {
  id: string
  name: string
  isHidden: boolean
}

/** Plays a channel when asked to: it takes a connection. */
export function PlaySection({ id, name, isHidden }: PlaySectionProps) {
  const [isPlaying, setPlaying] = useState(false)
  if (isHidden) return <Text size="sm">A hidden channel cannot be played.</Text>
  if (!isPlaying)
    return (
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => setPlaying(true)}>
        Play here
      </Button>
    )
  return (
    <Stack gap="xs">
      <Suspense
        fallback={
          <Center mih={160}>
            <Loader role="status" aria-label="Loading the player" />
          </Center>
        }
      >
        <Player channel={id} name={name} />
      </Suspense>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        onClick={() => setPlaying(false)}
      >
        Stop
      </Button>
    </Stack>
  )
}
