import { changedSourceSchema, newSourceSchema, type SourceRow } from "@tributary/shared/admin-api/sources"
import { call, path } from "../../../api/call.ts"
import { type SavedForm, useSavedForm } from "../../../form/use-saved-form.ts"
import { useSourcesChanged } from "../sources-queries.ts"
import { changedSourceBody, newSourceBody } from "./source-bodies.ts"
import { emptySource, type LoginValues, type SourceValues, valuesOf } from "./source-values.ts"

export type SourceForm = SavedForm<SourceValues, SourceRow>

/** The form of a stored source, or of a new one (null). `typed`: what was typed of its login a moment ago. */
export function useSourceForm(
  row: SourceRow | null,
  onSaved: (saved: SourceRow) => void,
  typed: LoginValues | null = null,
): SourceForm {
  const changed = useSourcesChanged()
  return useSavedForm<SourceValues, SourceRow>({
    initialValues: { ...(row === null ? emptySource : valuesOf(row)), ...typed },
    schema: row === null ? newSourceSchema : changedSourceSchema,
    bodyOf: (values) => (row === null ? newSourceBody(values) : changedSourceBody(values, row)),
    save: (body) =>
      row === null
        ? call<SourceRow>("POST", "/sources", body)
        : call<SourceRow>("PATCH", path("sources", row.id), body),
    // So that whoever looks for it next finds it.
    onSaved: (saved) => void changed().then(() => onSaved(saved)),
  })
}
