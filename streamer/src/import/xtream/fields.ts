// Panels mix strings and numbers, and send null, false, a list or a map for nothing. Plain functions and no
// schema: a list has up to a million elements, and a schema took as long as everything else of the import.

export type Fields = Readonly<Record<string, unknown>>

/** A list's element as named fields; null for anything that has none. */
export function fieldsOf(element: unknown): Fields | null {
  return typeof element === "object" && element !== null && !Array.isArray(element)
    ? (element as Fields)
    : null
}

/** A text or number as trimmed text; everything else is no text: "". */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim()
  return typeof value === "number" ? String(value) : ""
}

/** The first that is a text, or "". */
export function firstText(...values: unknown[]): string {
  for (const value of values) {
    const text = textOf(value)
    if (text !== "") return text
  }
  return ""
}

/** The texts of a list, of a map in its place, or of one value alone. */
export function textsOf(value: unknown): string[] {
  const values = typeof value === "object" && value !== null ? Object.values(value) : [value]
  return values.map(textOf).filter((text) => text !== "")
}

/** 1, "1" and true. */
export function flagOf(value: unknown): boolean {
  return value === true || value === 1 || value === "1"
}

/** A whole number above zero, or null. */
export function countOf(value: unknown): number | null {
  const number = Number(textOf(value) || Number.NaN)
  return Number.isSafeInteger(number) && number > 0 ? number : null
}

/** An id as it may stand in an address and in a record; null for anything else. */
export function idOf(value: unknown): string | null {
  const id = textOf(value)
  return /^[\w-]{1,64}$/.test(id) ? id : null
}

/** A file's extension; `otherwise` when there is none that could be one. */
export function extensionOf(value: unknown, otherwise: string): string {
  const extension = textOf(value).toLowerCase()
  return /^[a-z0-9]{1,5}$/.test(extension) ? extension : otherwise
}
