import {
  type AddedViewer,
  changedViewerSchema,
  newViewerSchema,
  type ViewerRow,
} from "@tributary/shared/admin-api/viewers"
import { useState } from "react"
import { call, path } from "../../../api/call.ts"
import { type SavedForm, useSavedForm } from "../../../form/use-saved-form.ts"
import { useViewersChanged } from "../viewers-queries.ts"
import {
  changedViewerBody,
  emptyViewer,
  newViewerBody,
  type ViewerValues,
  valuesOf,
} from "./viewer-values.ts"

export type ViewerForm = SavedForm<ViewerValues, AddedViewer>

/** The form of a stored viewer, or of a new one (null). */
export function useViewerForm(row: ViewerRow | null, onSaved: (saved: AddedViewer) => void): ViewerForm {
  const changed = useViewersChanged()
  // The row goes on to change while the form is open; what is typed is compared with what was shown.
  const [before] = useState(() => (row === null ? emptyViewer : valuesOf(row)))
  return useSavedForm<ViewerValues, AddedViewer>({
    initialValues: before,
    schema: row === null ? newViewerSchema : changedViewerSchema,
    bodyOf: (values) => (row === null ? newViewerBody(values) : changedViewerBody(values, before)),
    save: (body) =>
      row === null
        ? call<AddedViewer>("POST", "/viewers", body)
        : call<AddedViewer>("PATCH", path("viewers", row.username), body),
    onSaved: async (saved) => {
      await changed()
      onSaved(saved)
    },
  })
}
