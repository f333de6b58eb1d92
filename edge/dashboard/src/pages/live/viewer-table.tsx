import { Table, Text, Title } from "@mantine/core"
import type { StreamViewer } from "@tributary/shared/admin-api/streams"
import { byteSize, count, duration } from "../../parts/figures.ts"
import { viewerWords } from "./stream-words.ts"

/** Who watches a stream; `now` in Unix milliseconds. */
export function ViewerTable({ viewers, now }: { viewers: readonly StreamViewer[]; now: number }) {
  return (
    <section aria-labelledby="stream-viewers">
      <Title order={3} size="h5" id="stream-viewers" mb="xs">
        Who watches
      </Title>
      {viewers.length === 0 ? (
        <Text size="sm">Nobody just now.</Text>
      ) : (
        <>
          <Table aria-labelledby="stream-viewers" verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                {["Viewer", "For", "Sent", "Moves"].map((name) => (
                  <Table.Th key={name} scope="col">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="figures">
              {viewers.map(({ session, since, bytesOut, moves, ...viewer }) => (
                <Table.Tr key={`${session} ${since}`}>
                  <Table.Th scope="row" fw={400} style={{ overflowWrap: "anywhere" }}>
                    {viewerWords(viewer)}
                  </Table.Th>
                  <Table.Td>{duration(now - since)}</Table.Td>
                  <Table.Td>{byteSize(bytesOut)}</Table.Td>
                  <Table.Td>{count(moves)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text size="xs" c="dimmed" mt="xs">
            Moves: how often a viewer was too slow, and went on at the newest picture.
          </Text>
        </>
      )}
    </section>
  )
}
