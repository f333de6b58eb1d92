import { Button, Group, Stack, Title } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import type { PoolRow, ProfileRow, SourceRow } from "@tributary/shared/admin-api/sources"
import { useState } from "react"
import { SortableItem } from "../../../parts/order/sortable-item.tsx"
import { SortableList } from "../../../parts/order/sortable-list.tsx"
import { titleOf } from "../card/source-words.ts"
import { useOrderProfiles } from "../sources-queries.ts"
import { ProfileDrawer } from "./profile-drawer.tsx"
import { ProfileItem } from "./profile-item.tsx"

interface ProfileListProps {
  source: SourceRow
  /** Undefined: not known yet. */
  pool: PoolRow | undefined
}

/** The profiles of a source in the order in which they are tried. */
export function ProfileList({ source, pool }: ProfileListProps) {
  const [open, setOpen] = useState<ProfileRow | "new" | null>(null)
  const order = useOrderProfiles(source.id)
  // The same order as the pool's script has: equal priorities leave it as it is.
  const profiles = [...source.profiles].sort((a, b) => a.priority - b.priority)
  const ids = profiles.map(({ id }) => id)
  const nameOf = (id: string) => profiles.find((one) => one.id === id)?.name ?? id
  const poolOf = (id: string) => pool?.profiles.find((one) => one.id === id)
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={3} size="h6">
          Profiles, in the order in which they are tried
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={`Add a profile to ${titleOf(source)}`}
          onClick={() => setOpen("new")}
        >
          Add a profile
        </Button>
      </Group>
      <SortableList ids={ids} nameOf={nameOf} onOrder={(wanted) => order.mutate(wanted)}>
        <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {profiles.map((profile) => (
            <li key={profile.id}>
              <SortableItem id={profile.id} name={profile.name} isMovable={ids.length > 1}>
                {(handle) => (
                  <ProfileItem
                    source={source.id}
                    profile={profile}
                    pool={poolOf(profile.id)}
                    handle={handle}
                    ids={ids}
                    onOrder={(wanted) => order.mutate(wanted)}
                    onEdit={() => setOpen(profile)}
                  />
                )}
              </SortableItem>
            </li>
          ))}
        </Stack>
      </SortableList>
      {open !== null && (
        <ProfileDrawer
          source={source}
          row={open === "new" ? null : open}
          detected={open === "new" ? null : (poolOf(open.id)?.max ?? null)}
          onClose={() => setOpen(null)}
        />
      )}
    </Stack>
  )
}
