import { Anchor, Table, VisuallyHidden } from "@mantine/core"
import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { expiryInWords, groupsInWords, sessionsInWords, stateOf } from "../viewer-words.ts"
import { StateBadge } from "./state-badge.tsx"
import type { ViewerActs } from "./viewer-acts.ts"
import { ViewerMenu } from "./viewer-menu.tsx"

interface ViewerListProps {
  viewers: readonly ViewerRow[]
  acts: ViewerActs
}

export function ViewerTable({ viewers, acts }: ViewerListProps) {
  const now = Date.now()
  return (
    <Table.ScrollContainer minWidth={680} visibleFrom="sm">
      <Table aria-label="All viewers" verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Username</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">Sessions now</Table.Th>
            <Table.Th scope="col">Groups</Table.Th>
            <Table.Th scope="col">Expires</Table.Th>
            <Table.Th scope="col" w={60}>
              <VisuallyHidden>Acts</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {viewers.map((viewer) => (
            <Table.Tr key={viewer.username}>
              <Table.Th scope="row" maw={260} style={{ overflowWrap: "anywhere" }}>
                <Anchor component="button" fw={600} onClick={() => acts.onOpen(viewer.username)}>
                  {viewer.username}
                </Anchor>
              </Table.Th>
              <Table.Td>
                <StateBadge state={stateOf(viewer, now)} />
              </Table.Td>
              <Table.Td className="figures">{sessionsInWords(viewer)}</Table.Td>
              <Table.Td maw={280} style={{ overflowWrap: "anywhere" }}>
                {groupsInWords(viewer)}
              </Table.Td>
              <Table.Td className="figures">{expiryInWords(viewer)}</Table.Td>
              <Table.Td>
                <ViewerMenu username={viewer.username} acts={acts} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
