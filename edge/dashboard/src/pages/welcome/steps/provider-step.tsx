import { Button, Stack, Text } from "@mantine/core"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { FormProblem } from "../../../form/form-problem.tsx"
import { titleOf } from "../../sources/card/source-words.ts"
import { SourceFields } from "../../sources/form/source-fields.tsx"
import type { LoginValues } from "../../sources/form/source-values.ts"
import { useSourceForm } from "../../sources/form/use-source-form.ts"
import { StepFrame } from "./step-frame.tsx"

interface ProviderStepProps {
  /** The source that was added; null: a new one. */
  source: SourceRow | null
  /** Its login, when it was typed in this visit: it can be mended without typing all of it again. */
  typed: LoginValues | null
  /** The demo provider, when there is nothing else. */
  demo: SourceRow | null
  onSaved: (source: string, typed: LoginValues | null) => void
  onAnother: () => void
}

/** The provider's login, tested while it is typed. */
export function ProviderStep({ source, typed, demo, onSaved, onAnother }: ProviderStepProps) {
  const { form, saving, problem, submit } = useSourceForm(
    source,
    ({ id }) => onSaved(id, loginOf(form.getValues())),
    typed,
  )
  const isNew = source === null
  return (
    <StepFrame
      title={isNew ? "Add your provider" : `Your provider: ${titleOf(source)}`}
      lead={
        isNew
          ? "Enter what your provider sent you. It is tested while you type, and nothing is kept before you add it."
          : "What you leave empty stays as it is stored."
      }
      ways={
        <>
          {!isNew && (
            <Button variant="subtle" onClick={onAnother}>
              Add another provider
            </Button>
          )}
          {demo !== null && (
            <Button variant="subtle" onClick={() => onSaved(demo.id, null)}>
              Try it with the demo provider
            </Button>
          )}
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <SourceFields form={form} row={source} />
          <FormProblem problem={problem} />
          <Button type="submit" loading={saving.isPending} style={{ alignSelf: "flex-start" }}>
            {isNew ? "Add it and import" : "Save and go on"}
          </Button>
        </Stack>
      </form>
      {demo !== null && (
        <Text size="sm" c="dimmed">
          No provider at hand? The demo provider comes with the system: test pictures that are made on this
          machine.
        </Text>
      )}
    </StepFrame>
  )
}

const loginOf = ({ url, username, password }: LoginValues): LoginValues => ({ url, username, password })
