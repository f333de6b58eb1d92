import { Button, Group, Modal, Stack, Text } from "@mantine/core"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { channelEditSchema } from "@tributary/shared/catalogue/edit"
import { describeIssue } from "@tributary/shared/config/describe-issue"
import { useState } from "react"
import { fieldErrorOf } from "../../../form/field-error.ts"
import { GroupsInput } from "../../../form/groups-input.tsx"
import { count } from "../../../parts/figures.ts"
import { addToGroups, changeAll } from "./bulk-change.ts"
import type { BulkChange } from "./use-bulk-change.ts"

interface GroupsDialogProps {
  rows: readonly ChannelRow[]
  /** Whether channels keep the groups that they have. */
  act: "add" | "replace"
  run: BulkChange["run"]
  onClose: () => void
}

/** Asks for the groups that all chosen channels are to have. */
export function GroupsDialog({ rows, act, run, onClose }: GroupsDialogProps) {
  const [groups, setGroups] = useState<string[]>([])
  const [error, setError] = useState<string | null>(null)
  const these = rows.length === 1 ? "1 channel" : `${count(rows.length)} channels`
  const submit = () => {
    const parsed = channelEditSchema.safeParse({ groups })
    if (!parsed.success) return setError(fieldErrorOf(describeIssue(parsed.error)).reason)
    if (act === "add" && groups.length === 0) return setError("must name a group")
    if (act === "add") run(addToGroups(rows, groups), `${these}: in ${groups.join(", ")}.`)
    else run(changeAll(rows, { groups }), `${these}: groups replaced.`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={act === "add" ? "Add to groups" : "Replace groups"}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          <Text size="sm">
            {act === "add"
              ? `${these} will be in these groups too.`
              : `${these} will be in these groups and in no others.`}
          </Text>
          <GroupsInput
            label="Groups"
            description={act === "add" ? undefined : "None: the channels will be in no group."}
            value={groups}
            onChange={setGroups}
            error={error}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">{act === "add" ? "Add" : "Replace"}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
