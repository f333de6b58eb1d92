import { Button, CopyButton, Group, Switch } from "@mantine/core"
import { IconCheck, IconCopy, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react"

interface LogActsProps {
  isFollowing: boolean
  isPaused: boolean
  /** What is copied. */
  text: string
  onFollow: (isFollowing: boolean) => void
  onPause: (isPaused: boolean) => void
}

/** What can be done with the lines. */
export function LogActs({ isFollowing, isPaused, text, onFollow, onPause }: LogActsProps) {
  return (
    <Group gap="sm">
      <Switch
        label="Follow the newest"
        checked={isFollowing}
        onChange={(event) => onFollow(event.currentTarget.checked)}
      />
      <Button
        size="xs"
        variant="default"
        leftSection={
          isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />
        }
        onClick={() => onPause(!isPaused)}
      >
        {isPaused ? "Go on" : "Pause"}
      </Button>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="default"
            disabled={text === ""}
            leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            onClick={copy}
          >
            {copied ? "Copied" : "Copy the lines"}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
