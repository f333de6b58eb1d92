import { Button, Modal, Stack, Text } from "@mantine/core"
import { CopyField } from "../../../parts/copy-field.tsx"

interface MadePasswordProps {
  username: string
  password: string
  onClose: () => void
}

/** The password that was made for a new viewer. */
export function MadePassword({ username, password, onClose }: MadePasswordProps) {
  return (
    <Modal opened onClose={onClose} title={`${username} is added`} closeOnClickOutside={false}>
      <Stack>
        <Text size="sm">This password was made for them. Later it is only among their addresses.</Text>
        <CopyField label="Password" value={password} />
        <Button onClick={onClose}>Done</Button>
      </Stack>
    </Modal>
  )
}
