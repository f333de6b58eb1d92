import { Anchor, Badge, Card, Group, Stack, Text, Title } from "@mantine/core"
import type { SourcePool } from "@tributary/shared/admin-api/overview"
import { Link } from "react-router"
import { PoolBar } from "../../parts/pool/pool-bar.tsx"

/** How many of each source's connections are in use. */
export function PoolsCard({ pools }: { pools: readonly SourcePool[] }) {
  return (
    <Card withBorder component="section" aria-labelledby="pools">
      <Title order={2} size="h4" id="pools" mb="sm">
        Connections to providers
      </Title>
      {pools.length === 0 ? (
        <Text size="sm">
          There is no source yet:{" "}
          <Anchor component={Link} to="/sources" inherit underline="always">
            add one
          </Anchor>
          .
        </Text>
      ) : (
        <Stack gap="sm">
          {pools.map((pool) => (
            <Pool key={pool.source} pool={pool} />
          ))}
        </Stack>
      )}
    </Card>
  )
}

function Pool({ pool: { source, name, enabled, active, total, profiles } }: { pool: SourcePool }) {
  const shown = name ?? source
  const elsewhere = profiles.reduce((sum, profile) => sum + profile.elsewhere, 0)
  return (
    <div>
      <Group gap="xs" mb={4}>
        <Anchor
          component={Link}
          to={`/sources?source=${encodeURIComponent(source)}`}
          size="sm"
          style={{ overflowWrap: "anywhere" }}
        >
          {shown}
        </Anchor>
        {!enabled && (
          <Badge variant="outline" color="gray">
            Disabled
          </Badge>
        )}
      </Group>
      <PoolBar name={shown} active={active} most={total} elsewhere={elsewhere} />
    </div>
  )
}
