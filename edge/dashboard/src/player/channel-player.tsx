import { Alert, AspectRatio, Button, Center, Loader, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { Playing } from "@tributary/shared/admin-api/channels"
import { useEffect, useRef, useState } from "react"
import { call, path } from "../api/call.ts"
import { type PlaybackState, startPlayback } from "./hls-playback.ts"

interface ChannelPlayerProps {
  channel: string
  name: string
  /** A transcode profile; left out: as it comes. */
  profile?: string
}

/** Plays a channel in the page, over a connection as any viewer's. */
export function ChannelPlayer({ channel, name, profile }: ChannelPlayerProps) {
  const query = profile === undefined ? "" : `?profile=${encodeURIComponent(profile)}`
  const opened = useQuery({
    queryKey: ["play", channel, profile ?? ""],
    queryFn: () => call<Playing>("POST", `${path("channels", channel, "play")}${query}`),
    // An address is for one playback.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (opened.error !== null)
    return <Failed reason={opened.error.message} onRetry={() => void opened.refetch()} />
  return opened.data === undefined ? (
    <Opening />
  ) : (
    <Playback url={opened.data.url} name={name} onRetry={() => void opened.refetch()} />
  )
}

function Playback({ url, name, onRetry }: { url: string; name: string; onRetry: () => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<PlaybackState>({ kind: "opening" })
  useEffect(() => {
    if (video.current !== null) return startPlayback(video.current, url, setState)
  }, [url])
  return (
    <Stack gap="xs">
      <AspectRatio ratio={16 / 9} bg="black">
        {/* biome-ignore lint/a11y/useMediaCaption: live television has none that a page could be given. */}
        <video ref={video} controls playsInline aria-label={name} data-state={state.kind} />
      </AspectRatio>
      {state.kind === "opening" && (
        <Text size="sm" c="dimmed" role="status">
          Opening {name}…
        </Text>
      )}
      {state.kind === "failed" && <Failed reason={state.reason} onRetry={onRetry} />}
    </Stack>
  )
}

function Opening() {
  return (
    <AspectRatio ratio={16 / 9} bg="black">
      <Center>
        <Loader role="status" aria-label="Opening" />
      </Center>
    </AspectRatio>
  )
}

function Failed({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title="It does not play">
      <Stack align="flex-start" gap="xs">
        <Text size="sm">{reason}</Text>
        <Button size="xs" variant="light" color="red" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  )
}
