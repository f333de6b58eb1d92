import { Button, Card, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core"
import { useQueryClient } from "@tanstack/react-query"
import { type AddedViewer, newViewerSchema, type ViewerRow } from "@tributary/shared/admin-api/viewers"
import { useState } from "react"
import { call } from "../../../api/call.ts"
import { FormProblem } from "../../../form/form-problem.tsx"
import { useSavedForm } from "../../../form/use-saved-form.ts"
import { viewersQuery } from "../welcome-queries.ts"
import { StepFrame } from "./step-frame.tsx"

interface ViewerStepProps {
  viewers: readonly ViewerRow[]
  onChosen: (username: string) => void
}

/** Who watches: a viewer that is made now, or one that is there. */
export function ViewerStep({ viewers, onChosen }: ViewerStepProps) {
  return (
    <StepFrame
      title="Who watches?"
      lead="A viewer is a login for players. One for each person or device, so that you see who watches, and can end it."
    >
      <NewViewer onChosen={onChosen} />
      {viewers.length > 0 && <KnownViewer viewers={viewers} onChosen={onChosen} />}
    </StepFrame>
  )
}

function NewViewer({ onChosen }: Pick<ViewerStepProps, "onChosen">) {
  const client = useQueryClient()
  const { form, saving, problem, submit } = useSavedForm({
    initialValues: { username: "" },
    schema: newViewerSchema,
    bodyOf: ({ username }) => ({ ...(username.trim() !== "" && { username: username.trim() }) }),
    save: (body) => call<AddedViewer>("POST", "/viewers", body),
    onSaved: ({ username }) =>
      void client.invalidateQueries({ queryKey: viewersQuery.queryKey }).then(() => onChosen(username)),
  })
  return (
    <Card withBorder component="section" aria-labelledby="new-viewer">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Title order={3} size="h5" id="new-viewer">
            Make a viewer
          </Title>
          <TextInput
            label="Username"
            description="A password that nobody guesses is made for it, and shown in the next step."
            placeholder="living-room"
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps("username")}
          />
          <FormProblem problem={problem} />
          <Button type="submit" loading={saving.isPending} style={{ alignSelf: "flex-start" }}>
            Make the viewer
          </Button>
        </Stack>
      </form>
    </Card>
  )
}

function KnownViewer({ viewers, onChosen }: ViewerStepProps) {
  const [username, setUsername] = useState<string | null>(viewers[0]?.username ?? null)
  const chosen = viewers.find((one) => one.username === username)
  return (
    <Card withBorder component="section" aria-labelledby="known-viewer">
      <Stack>
        <Title order={3} size="h5" id="known-viewer">
          Or take one that is there
        </Title>
        <Group align="flex-end">
          <Select
            label="Viewer"
            data={viewers.map((one) => one.username)}
            value={username}
            onChange={setUsername}
            allowDeselect={false}
            searchable={viewers.length > 10}
            flex={1}
            miw={200}
          />
          <Button
            variant="default"
            disabled={username === null}
            onClick={() => username && onChosen(username)}
          >
            Show the addresses
          </Button>
        </Group>
        {chosen?.origin === "demo" && (
          <Text size="sm" c="dimmed">
            This one was made to try the system, and goes at the next start when there is another.
          </Text>
        )}
        {chosen?.enabled === false && <Text size="sm">This viewer is disabled, and cannot watch.</Text>}
      </Stack>
    </Card>
  )
}
