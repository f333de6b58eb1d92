import { Anchor, Button, Group, Paper, Stack, Text } from "@mantine/core"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { useState } from "react"
import { Link } from "react-router"
import { MappingForm } from "./mapping-form.tsx"
import { OnNow } from "./on-now.tsx"

interface MappingRowProps {
  channel: ChannelRow
  hasProgrammes: boolean
}

/** A channel without programmes with the form that may find some; one that has some, with what is on. */
export function MappingRow({ channel, hasProgrammes }: MappingRowProps) {
  const [isOpen, setIsOpen] = useState(!hasProgrammes)
  const groups = channel.groups.join(", ")
  return (
    <Paper withBorder p="sm" component="li" style={{ listStyle: "none" }}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Anchor
              component={Link}
              to={`/channels?${new URLSearchParams({ channel: channel.id })}`}
              fw={600}
              size="sm"
              style={{ overflowWrap: "anywhere" }}
            >
              {channel.name}
            </Anchor>
            {groups !== "" && (
              <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {groups}
              </Text>
            )}
            {hasProgrammes && <OnNow id={channel.id} />}
          </div>
          {hasProgrammes && (
            <Button
              size="xs"
              variant="default"
              flex="none"
              aria-expanded={isOpen}
              aria-label={`Mapping of ${channel.name}`}
              onClick={() => setIsOpen(!isOpen)}
            >
              Mapping
            </Button>
          )}
        </Group>
        {isOpen && <MappingForm channel={channel} />}
      </Stack>
    </Paper>
  )
}
