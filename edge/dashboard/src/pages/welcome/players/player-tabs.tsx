import { List, Stack, Tabs, Text } from "@mantine/core"
import type { ViewerAddress } from "@tributary/shared/admin-api/viewers"
import { CopyField } from "../../../parts/copy-field.tsx"
import { type PlayerSetUp, type SetUpFigures, setUpsFor } from "./set-ups.ts"

/** What is to be done in each player, ready to be copied. */
export function PlayerTabs({ address, figures }: { address: ViewerAddress; figures: SetUpFigures }) {
  const setUps = setUpsFor(address, figures)
  return (
    <Tabs defaultValue={setUps[0]?.id ?? null} keepMounted={false}>
      <Tabs.List aria-label="Players">
        {setUps.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {setUps.map((setUp) => (
        <Tabs.Panel key={setUp.id} value={setUp.id} pt="md">
          <Steps setUp={setUp} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function Steps({ setUp: { name, steps, notes } }: { setUp: PlayerSetUp }) {
  return (
    <Stack>
      <List
        type="ordered"
        spacing="sm"
        aria-label={`What to do in ${name}`}
        styles={{ itemWrapper: { display: "block" }, itemLabel: { display: "block" } }}
      >
        {steps.map(({ words, values = [] }) => (
          <List.Item key={words}>
            <Text size="sm">{words}</Text>
            {values.length > 0 && (
              <Stack gap="xs" mt={6}>
                {values.map(({ label, value }) => (
                  <CopyField key={label} label={label} value={value} />
                ))}
              </Stack>
            )}
          </List.Item>
        ))}
      </List>
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
    </Stack>
  )
}
