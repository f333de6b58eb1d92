import { Button, Group, Modal, NumberInput, Stack, Text } from "@mantine/core"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { useState } from "react"
import { count } from "../../../parts/figures.ts"
import { changeAll, numberFrom, numberingProblem } from "./bulk-change.ts"
import type { BulkChange } from "./use-bulk-change.ts"

interface NumberDialogProps {
  rows: readonly ChannelRow[]
  run: BulkChange["run"]
  onClose: () => void
}

/** Asks from which number on the chosen channels are to be numbered. */
export function NumberDialog({ rows, run, onClose }: NumberDialogProps) {
  const [first, setFirst] = useState<number | string>(1)
  const [error, setError] = useState<string | null>(null)
  const numbered = rows.length
  const submit = () => {
    const problem = numberingProblem(numbered, first)
    if (problem !== null) return setError(problem)
    run(numberFrom(rows, Number(first)), `${count(numbered)} channels: numbered from ${first} on.`)
    onClose()
  }
  const takeBack = () => {
    run(changeAll(rows, { number: null }), `${count(rows.length)} channels: numbers as the sources say.`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Number channels">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          <Text size="sm">
            {numbered === 1 ? "The channel gets" : `${count(numbered)} channels get`} a number, counting up in
            the order of the list. Players sort and dial by it.
          </Text>
          <NumberInput
            label="First number"
            min={0}
            allowDecimal={false}
            allowNegative={false}
            value={first}
            onChange={(value) => {
              setFirst(value)
              setError(null)
            }}
            error={error}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs" wrap="nowrap">
            <Button variant="subtle" px="xs" mr="auto" onClick={takeBack}>
              As the sources say
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Number</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
