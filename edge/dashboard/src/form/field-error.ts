/** What the API refused: the field (`profiles[0].maxStreams`; null: no field is named) and the reason. */
export interface FieldError {
  field: string | null
  reason: string
}

// A path as `describePath` of `shared` writes it.
const withPath = /^([A-Za-z_$][\w$-]*(?:\.[\w$-]+|\[\d+\])*): (.+)$/s

/** Reads an error's message, which begins with the place of what is wrong. */
export function fieldErrorOf(message: string): FieldError {
  const [, field, reason] = withPath.exec(message) ?? []
  return field === undefined || reason === undefined ? { field: null, reason: message } : { field, reason }
}

/** The field that a form shows for this place: itself, or the nearest one around it (`groups[2]`: `groups`). */
export function nearestField(field: string, shown: ReadonlySet<string>): string | null {
  const around = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("."), path.lastIndexOf("[")))
  for (let path = field; path !== ""; path = around(path)) if (shown.has(path)) return path
  return null
}
