import { Group, Paper, Stack, Text } from "@mantine/core"
import { IconAlertTriangle, IconStarFilled } from "@tabler/icons-react"
import type { PoolProfileRow, ProfileRow } from "@tributary/shared/admin-api/sources"
import type { ReactNode } from "react"
import { path } from "../../../api/call.ts"
import { PoolBar } from "../../../parts/pool/pool-bar.tsx"
import { reasonWords } from "../../../parts/pool/pool-words.ts"
import { StoredCheckNote } from "../check/stored-check-note.tsx"
import { useStoredCheck } from "../sources-queries.ts"
import { profileDetails } from "./profile-details.ts"
import { ProfileMenu } from "./profile-menu.tsx"

interface ProfileItemProps {
  source: string
  profile: ProfileRow
  /** Undefined: not known yet. */
  pool: PoolProfileRow | undefined
  handle: ReactNode
  ids: readonly string[]
  onOrder: (ids: string[]) => void
  onEdit: () => void
}

/** One profile: how full it is, why it is not used, and what can be done with it. */
export function ProfileItem({ source, profile, pool, handle, ids, onOrder, onEdit }: ProfileItemProps) {
  const { id, name, primary, enabled } = profile
  const at = `${path("sources", source)}/profiles${path(id)}`
  const check = useStoredCheck(at)
  const reason = enabled ? reasonWords(pool?.reason ?? null) : "Disabled"
  return (
    <Paper withBorder p="xs" bg="var(--mantine-color-body)">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {handle}
        <Stack gap={4} flex={1} miw={0}>
          <Group gap="xs" justify="space-between">
            <Group gap={6} wrap="nowrap" miw={0}>
              {primary && (
                <IconStarFilled
                  size={14}
                  role="img"
                  aria-label="Primary"
                  style={{ flexShrink: 0, color: "var(--mantine-primary-color-light-color)" }}
                />
              )}
              <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                {name}
              </Text>
            </Group>
            {pool !== undefined && (
              <PoolBar name={name} active={pool.active} most={pool.max} elsewhere={pool.elsewhere} />
            )}
          </Group>
          {reason !== null && (
            <Group gap={6} wrap="nowrap">
              <IconAlertTriangle size={14} aria-hidden />
              <Text size="sm" fw={600}>
                {reason}
              </Text>
            </Group>
          )}
          <Text size="xs" c="dimmed" className="figures" style={{ overflowWrap: "anywhere" }}>
            {profileDetails(profile, pool, Date.now()).join(" · ")}
          </Text>
          <StoredCheckNote check={check} />
        </Stack>
        <ProfileMenu
          at={at}
          profile={profile}
          ids={ids}
          onOrder={onOrder}
          onEdit={onEdit}
          onTest={() => check.mutate()}
        />
      </Group>
    </Paper>
  )
}
