import { Button, Drawer, Group, Stack } from "@mantine/core"
import type { FormEvent, ReactNode } from "react"
import { confirm } from "../parts/confirm.tsx"
import { FormProblem } from "./form-problem.tsx"

interface FormDrawerProps {
  title: string
  /** Something was typed that is not saved. */
  isDirty: boolean
  isSaving: boolean
  /** What is wrong with the form as a whole. */
  problem: string | null
  /** The button's words: "Save", "Add the guide". */
  verb: string
  /** False: there is nothing that could be saved. */
  isReady?: boolean
  submit: (event: FormEvent<HTMLFormElement>) => void
  onClose: () => void
  /** What else can be done with what is typed. */
  acts?: ReactNode
  /** What stands below the buttons. */
  below?: ReactNode
  children: ReactNode
}

/** A form at the side. What was typed is not lost by a click beside it or a key. */
export function FormDrawer(props: FormDrawerProps) {
  const { title, isDirty, isSaving, problem, verb, isReady = true, submit, onClose } = props
  const close = () => {
    if (!isDirty) return onClose()
    confirm({
      title: "Leave what you typed?",
      text: "It is not saved.",
      verb: "Leave it",
      onConfirm: onClose,
    })
  }
  return (
    <Drawer opened onClose={close} title={title} position="right" size="lg" closeOnClickOutside={!isDirty}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {props.children}
          <FormProblem problem={problem} />
          <Group justify={props.acts === undefined ? "flex-end" : "space-between"}>
            {props.acts}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={isSaving} disabled={!isReady}>
                {verb}
              </Button>
            </Group>
          </Group>
          {props.below}
        </Stack>
      </form>
    </Drawer>
  )
}
