import { Card, Code, List, Text, Title } from "@mantine/core"

/** What is no setting: it is read from the environment when a process starts. */
export function SetElsewhere() {
  return (
    <Card withBorder component="section" aria-labelledby="elsewhere" mt="md">
      <Title order={2} size="h4" id="elsewhere" mb="xs">
        What is not here
      </Title>
      <Text size="sm" mb="xs">
        These are variables of the environment of the edge and the streamers. They are set there, before a
        start:
      </Text>
      <List size="sm" spacing="xs">
        <List.Item>
          <Code>ADMIN_TOKEN</Code>: what you sign in with. When it is not set, one is made at the first start
          and kept in <Code>secrets.json</Code> in <Code>DATA_DIR</Code>.
        </List.Item>
        <List.Item>
          <Code>BASE_URL</Code>: what the links in playlists begin with, so what your players must reach.
        </List.Item>
        <List.Item>
          <Code>METRICS_TOKEN</Code>, <Code>API_TOKEN</Code>: for /metrics, and for the streams API of the
          streamers.
        </List.Item>
        <List.Item>
          <Code>PORT</Code>, <Code>STREAMER_PORT</Code>, <Code>DATA_DIR</Code>, <Code>CONFIG_FILE</Code> and
          the store's address: where everything listens and keeps its state.
        </List.Item>
      </List>
    </Card>
  )
}
