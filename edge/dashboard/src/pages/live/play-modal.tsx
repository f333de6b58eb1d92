import { Center, Loader, Modal } from "@mantine/core"
import type { Stream } from "@tributary/shared/admin-api/streams"
import { lazy, Suspense } from "react"
import { fullTitleOf, titleOf } from "./stream-groups.ts"

const Player = lazy(async () => ({
  default: (await import("../../player/channel-player.tsx")).ChannelPlayer,
}))

/** Plays a stream in the page, beside all who watch it. */
export function PlayModal({ stream, onClose }: { stream: Stream; onClose: () => void }) {
  const name = titleOf(stream)
  const { channel, transcodeProfile } = stream
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={fullTitleOf(stream)}
      closeButtonProps={{ "aria-label": "Close the player" }}
    >
      <Suspense
        fallback={
          <Center mih={160}>
            <Loader role="status" aria-label="Loading the player" />
          </Center>
        }
      >
        <Player
          channel={channel}
          name={name}
          {...(transcodeProfile === null ? {} : { profile: transcodeProfile })}
        />
      </Suspense>
    </Modal>
  )
}
