import { Stack, Tabs, Text, Title } from "@mantine/core"
import { usePublication } from "../../channels/publication.ts"
import { PublicationNote } from "../../channels/publication-note.tsx"
import { MappingList } from "./mapping-list.tsx"

/** Which channel has which programmes. */
export function MappingSection() {
  const publication = usePublication()
  return (
    <Stack gap="sm" component="section" aria-labelledby="mapping">
      <Title order={2} size="h4" id="mapping">
        Mapping
      </Title>
      <Text size="sm" maw={640}>
        A channel has the programmes of the guide's channel with its tvg-id, or with its name. Where neither
        finds them, or finds the wrong ones, say which channel of the guide it is. A change shows after the
        next publication, which follows in a few seconds.
      </Text>
      <PublicationNote publication={publication} />
      <Tabs defaultValue="without" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="without">Without programmes</Tabs.Tab>
          <Tabs.Tab value="with">With programmes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="without">
          <MappingList hasProgrammes={false} />
        </Tabs.Panel>
        <Tabs.Panel value="with">
          <MappingList hasProgrammes />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
