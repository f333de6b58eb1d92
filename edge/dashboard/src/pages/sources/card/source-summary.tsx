import { Group, Text } from "@mantine/core"
import type { PoolRow, SourceRow } from "@tributary/shared/admin-api/sources"
import { PoolBar } from "../../../parts/pool/pool-bar.tsx"
import { expiryWords, firstExpiry } from "../../../parts/pool/pool-words.ts"
import { titleOf } from "./source-words.ts"

interface SourceSummaryProps {
  source: SourceRow
  /** Undefined: not known yet. */
  pool: PoolRow | undefined
}

/** How full a source is as a whole, where it is, and when its first account expires. */
export function SourceSummary({ source, pool }: SourceSummaryProps) {
  const expiresAt = pool === undefined ? null : firstExpiry(pool.profiles)
  return (
    <Group gap="md">
      {pool !== undefined && (
        <PoolBar
          name={titleOf(source)}
          active={pool.active}
          most={pool.total}
          elsewhere={pool.profiles.reduce((sum, { elsewhere }) => sum + elsewhere, 0)}
        />
      )}
      <Text size="sm" className="figures">
        {expiresAt === null ? "No expiry date is known" : expiryWords(expiresAt, Date.now())}
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {source.url}
      </Text>
    </Group>
  )
}
