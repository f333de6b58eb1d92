import { Badge, Card, Group, Table, Text, Title } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { Overview } from "@tributary/shared/admin-api/overview"
import type { StreamerRow } from "@tributary/shared/admin-api/streamers"
import { count, fromNow } from "../../parts/figures.ts"
import { QueryView } from "../../parts/query-view.tsx"
import { streamersQuery } from "./overview-queries.ts"

interface StreamersCardProps {
  regions: Overview["streamersByRegion"]
  /** Ids of those that do not answer. */
  unanswered: readonly string[]
}

/** The container tier: by region, and each of its streamers. */
export function StreamersCard({ regions, unanswered }: StreamersCardProps) {
  const streamers = useQuery(streamersQuery)
  return (
    <Card withBorder component="section" aria-labelledby="streamers">
      <Title order={2} size="h4" id="streamers">
        Streamers
      </Title>
      <Text size="sm" c="dimmed" mb="sm" className="figures">
        {regions.map(regionWords).join(" · ")}
      </Text>
      <QueryView query={streamers}>
        {(rows) =>
          rows.length === 0 ? (
            <Text size="sm">
              No streamer runs, so nothing can be played or imported. On one machine, npm start starts it;
              look at what its container says.
            </Text>
          ) : (
            <StreamerTable rows={rows} unanswered={unanswered} now={streamers.dataUpdatedAt} />
          )
        }
      </QueryView>
    </Card>
  )
}

function regionWords({ region, streamers, viewers }: Overview["streamersByRegion"][number]): string {
  return `${region === "" ? "no region" : region}: ${count(streamers)} with ${count(viewers)} viewers`
}

interface StreamerTableProps {
  rows: readonly StreamerRow[]
  unanswered: readonly string[]
  now: number
}

function StreamerTable({ rows, unanswered, now }: StreamerTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={680}
      type="native"
      tabIndex={0}
      role="region"
      aria-label="Table of streamers"
    >
      <Table aria-labelledby="streamers" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {["Address", "Region", "Viewers", "Streams", "State", "Version", "Last seen"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="figures">
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Th scope="row" fw={400}>
                {row.address}
                <Text size="xs" c="dimmed">
                  {row.id}
                </Text>
              </Table.Th>
              <Table.Td>{row.region === "" ? "none" : row.region}</Table.Td>
              <Table.Td>
                {count(row.viewers)}/{row.maxViewers === null ? "∞" : count(row.maxViewers)}
              </Table.Td>
              <Table.Td>{count(row.streams)}</Table.Td>
              <Table.Td>
                <State row={row} isSilent={unanswered.includes(row.id)} />
              </Table.Td>
              <Table.Td>{row.version}</Table.Td>
              <Table.Td>{fromNow(Math.min(row.lastSeenAt, now), now)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function State({ row, isSilent }: { row: StreamerRow; isSilent: boolean }) {
  if (isSilent)
    return (
      <Group gap={4} wrap="nowrap">
        <IconAlertTriangle size={16} aria-hidden />
        Does not answer
      </Group>
    )
  if (!row.draining) return "Takes viewers"
  return (
    <Badge variant="outline" color="gray">
      Draining
    </Badge>
  )
}
