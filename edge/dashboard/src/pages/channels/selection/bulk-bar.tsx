import { Button, Group, Menu, Paper, Progress, Text } from "@mantine/core"
import { IconChevronDown, IconX } from "@tabler/icons-react"
import { useState } from "react"
import { confirm } from "../../../parts/confirm.tsx"
import { count } from "../../../parts/figures.ts"
import { allTakenBack } from "../edit-channel.ts"
import { changeAll } from "./bulk-change.ts"
import { GroupsDialog } from "./groups-dialog.tsx"
import { NumberDialog } from "./number-dialog.tsx"
import { inListOrder, mostChosen } from "./selection.ts"
import { useBulkChange } from "./use-bulk-change.ts"
import type { ChannelSelection } from "./use-selection.ts"

interface BulkBarProps {
  selection: ChannelSelection
  total: number
}

type Dialog = "add-groups" | "set-groups" | "number"

/** What can be done with all chosen channels. */
export function BulkBar({
  selection: { selection, collected, chooseAll, clear, noteEdited },
  total,
}: BulkBarProps) {
  const { progress, run } = useBulkChange(noteEdited)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const chosen = selection.chosen.size
  if (chosen === 0 && collected === null) return null
  const rows = inListOrder(selection)
  const these = chosen === 1 ? "1 channel" : `${count(chosen)} channels`
  const close = () => setDialog(null)
  const reset = () =>
    confirm({
      title: `Take back all changes of ${these}?`,
      text: "Names, numbers, groups, logos, orders of feeds, merges and splits will be as the sources say.",
      verb: "Take back",
      onConfirm: () => run(changeAll(rows, allTakenBack), `${these} will be as the sources say.`),
    })
  return (
    <Paper withBorder p="xs" mb="xs" role="region" aria-label="Chosen channels">
      <Group gap="sm">
        <Text size="sm" fw={600} role="status" className="figures">
          {collected === null
            ? chosenInWords(chosen, total)
            : `Fetching: ${count(collected)} channels so far…`}
        </Text>
        {collected === null && chosen < Math.min(total, mostChosen) && (
          <Button size="xs" variant="subtle" onClick={chooseAll}>
            {total > mostChosen
              ? `Choose the first ${count(mostChosen)}`
              : `Choose all ${count(total)} that match`}
          </Button>
        )}
        <Group gap="xs" ml="auto">
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button
                size="xs"
                rightSection={<IconChevronDown size={14} aria-hidden />}
                disabled={chosen === 0 || collected !== null}
                loading={progress !== null}
              >
                Change
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => run(changeAll(rows, { hidden: true }), `${these}: hidden.`)}>
                Hide
              </Menu.Item>
              <Menu.Item onClick={() => run(changeAll(rows, { hidden: null }), `${these}: shown.`)}>
                Show
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => setDialog("add-groups")}>Add to groups…</Menu.Item>
              <Menu.Item onClick={() => setDialog("set-groups")}>Replace groups…</Menu.Item>
              <Menu.Item onClick={() => setDialog("number")}>Number…</Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => run(changeAll(rows, { alwaysOn: true }), `${these}: always on.`)}>
                Always on
              </Menu.Item>
              <Menu.Item
                onClick={() =>
                  run(changeAll(rows, { alwaysOn: null }), `${these}: on while someone watches.`)
                }
              >
                On while someone watches
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item color="red" onClick={reset}>
                Take back all changes…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button size="xs" variant="default" leftSection={<IconX size={14} aria-hidden />} onClick={clear}>
            Choose none
          </Button>
        </Group>
      </Group>
      {progress !== null && (
        <Progress
          mt="xs"
          value={(100 * progress.done) / Math.max(1, progress.of)}
          aria-label={`${count(progress.done)} of ${count(progress.of)} channels changed`}
        />
      )}
      {dialog === "number" && <NumberDialog rows={rows} run={run} onClose={close} />}
      {(dialog === "add-groups" || dialog === "set-groups") && (
        <GroupsDialog
          rows={rows}
          act={dialog === "add-groups" ? "add" : "replace"}
          run={run}
          onClose={close}
        />
      )}
    </Paper>
  )
}

function chosenInWords(chosen: number, total: number): string {
  const isFull = chosen === mostChosen && total > mostChosen
  const text = `${count(chosen)} chosen`
  return isFull ? `${text}: a change is of at most ${count(mostChosen)} at a time` : text
}
