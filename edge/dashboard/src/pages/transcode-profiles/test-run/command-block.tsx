import { Button, Code, CopyButton, Group, Text } from "@mantine/core"
import { IconCheck, IconCopy } from "@tabler/icons-react"

/** The ffmpeg command that a profile makes. */
export function CommandBlock({ command }: { command: string }) {
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          The ffmpeg command
        </Text>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy the command"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {command}
      </Code>
    </div>
  )
}
