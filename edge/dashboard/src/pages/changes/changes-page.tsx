import { Badge, Code, Paper, Stack, Table, Text } from "@mantine/core"
import { queryOptions, useQuery } from "@tanstack/react-query"
import type { AuditEntry } from "@tributary/shared/admin-api/audit"
import { call } from "../../api/call.ts"
import { PageHead } from "../../app/page-head.tsx"
import { dateTime } from "../../parts/figures.ts"
import { QueryView } from "../../parts/query-view.tsx"

const changesQuery = queryOptions({
  queryKey: ["audit"],
  queryFn: ({ signal }) => call<{ entries: AuditEntry[] }>("GET", "/audit", undefined, signal),
})

/** What was changed, when, and from where. */
export function Component() {
  const changes = useQuery(changesQuery)
  return (
    <>
      <PageHead
        title="Changes"
        lead="The last thousand changes that were made here or by the admin API. Secrets are not kept."
      />
      <QueryView query={changes}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Text role="status">Nothing has been changed yet.</Text>
          ) : (
            <>
              <ChangeTable entries={entries} />
              <ChangeCards entries={entries} />
            </>
          )
        }
      </QueryView>
    </>
  )
}

function ChangeTable({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <Table.ScrollContainer minWidth={640} visibleFrom="sm">
      <Table aria-label="Changes, the newest first" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">When</Table.Th>
            <Table.Th scope="col">What</Table.Th>
            <Table.Th scope="col">By</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={keyOf(entry)}>
              <Table.Td className="figures">{dateTime(entry.at)}</Table.Td>
              <Table.Td>
                <What entry={entry} />
              </Table.Td>
              <Table.Td>{whoOf(entry)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function ChangeCards({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <Stack hiddenFrom="sm" gap="xs">
      {entries.map((entry) => (
        <Paper key={keyOf(entry)} withBorder p="sm">
          <Text size="sm" className="figures">
            {dateTime(entry.at)}
          </Text>
          <What entry={entry} />
          <Text size="sm">{whoOf(entry)}</Text>
        </Paper>
      ))}
    </Stack>
  )
}

function What({ entry }: { entry: AuditEntry }) {
  const { method, path, change } = entry
  return (
    <>
      <Badge variant="outline" color={method === "DELETE" ? "red" : "gray"} radius="sm" mr="xs">
        {method}
      </Badge>
      <Text span size="sm" style={{ overflowWrap: "anywhere" }}>
        {path}
      </Text>
      {change !== null && (
        <Code block mt={4} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {typeof change === "string" ? change : JSON.stringify(change)}
        </Code>
      )}
    </>
  )
}

const keyOf = ({ at, method, path, address }: AuditEntry) => `${at} ${method} ${path} ${address}`

function whoOf({ by, address }: AuditEntry): string {
  const who = by === "session" ? "The dashboard" : "A script with the admin token"
  return address === "" ? who : `${who}, from ${address}`
}
