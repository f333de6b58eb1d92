import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core"
import { IconPencil, IconPlugConnected, IconRefresh } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { type ReactNode, useEffect, useRef } from "react"
import { path } from "../../../api/call.ts"
import { useRunImport } from "../../imports/imports-queries.ts"
import { StoredCheckNote } from "../check/stored-check-note.tsx"
import { ProfileList } from "../profiles/profile-list.tsx"
import { poolQuery, useStoredCheck } from "../sources-queries.ts"
import { ImportLine } from "./import-line.tsx"
import { SourceMenu } from "./source-menu.tsx"
import { SourceState } from "./source-state.tsx"
import { SourceSummary } from "./source-summary.tsx"
import { originWords, titleOf, typeWords } from "./source-words.ts"

interface SourceCardProps {
  source: SourceRow
  /** Its import; undefined: not known yet. */
  job: ImportRow | undefined
  handle: ReactNode
  ids: readonly string[]
  /** The address of the page names it. */
  isNamed: boolean
  onOrder: (ids: string[]) => void
  onEdit: () => void
}

/** One source: how it is, how full it is, and its profiles. */
export function SourceCard({ source, job, handle, ids, isNamed, onOrder, onEdit }: SourceCardProps) {
  const name = titleOf(source)
  const pool = useQuery(poolQuery(source.id))
  const check = useStoredCheck(path("sources", source.id))
  const run = useRunImport()
  const origin = originWords(source.origin)
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isNamed) card.current?.focus()
  }, [isNamed])
  return (
    <Card
      ref={card}
      withBorder
      component="section"
      aria-label={name}
      tabIndex={-1}
      bd={isNamed ? "2px solid var(--mantine-primary-color-filled)" : undefined}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" miw={0}>
            {handle}
            <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
              {name}
            </Title>
            <Badge variant="outline" color="gray">
              {typeWords[source.type]}
            </Badge>
            <SourceState enabled={source.enabled} job={job} />
          </Group>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlugConnected size={14} aria-hidden />}
              loading={check.isPending}
              aria-label={`Test: ${name}`}
              onClick={() => check.mutate()}
            >
              Test
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              loading={run.isPending}
              disabled={job?.running === true || !source.enabled}
              aria-label={`Import now: ${name}`}
              onClick={() => run.mutate({ job: { kind: "source", source: source.id } })}
            >
              Import now
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} aria-hidden />}
              aria-label={`Change: ${name}`}
              onClick={onEdit}
            >
              Change
            </Button>
            <SourceMenu source={source} ids={ids} onOrder={onOrder} />
          </Group>
        </Group>
        <StoredCheckNote check={check} />
        <SourceSummary source={source} pool={pool.data} />
        {source.enabled && <ImportLine name={name} job={job} />}
        {origin !== null && (
          <Text size="sm" c="dimmed">
            {origin}
          </Text>
        )}
        <ProfileList source={source} pool={pool.data} />
      </Stack>
    </Card>
  )
}
