import { type EntryKind, entryKinds } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { choice, record } from "@tributary/shared/config/fields"
import type { AdminRow } from "@tributary/shared/snapshot/manifest"
import * as z from "zod"

const mostRows = 500

const number = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, `must be from ${minimum} to ${maximum}`)

/** The query of `GET /api/channels`. */
export const rowQuerySchema = record({
  search: z.string().max(500, "must have at most 500 characters").optional(),
  group: z.string().optional(),
  kind: choice(...entryKinds).optional(),
  hidden: choice("true", "false").optional(),
  /** Whether the guide has programmes for it. */
  guide: choice("true", "false").optional(),
  offset: number(0, 999_999_999).default(0),
  limit: number(1, mostRows).default(100),
})

export type RowQuery = z.output<typeof rowQuerySchema>

/** Whether a row is asked for; null when every row is. Names are compared as people read them. */
export function rowFilter({
  search,
  group,
  kind,
  hidden,
  guide,
}: RowQuery): ((row: AdminRow) => boolean) | null {
  const tests: ((row: AdminRow) => boolean)[] = []
  // The cheap ones first: a million rows are looked at.
  if (kind !== undefined) tests.push(ofKind(kind))
  if (hidden !== undefined) tests.push((row) => row.hidden === (hidden === "true"))
  if (guide !== undefined) tests.push((row) => row.guide === (guide === "true"))
  if (group !== undefined) tests.push(inGroup(group))
  const part = folded(search ?? "")
  if (part !== "") tests.push(matching(part))
  return tests.length === 0 ? null : (row) => tests.every((test) => test(row))
}

const ofKind = (kind: EntryKind) => (row: AdminRow) => row.kind === kind

function inGroup(group: string): (row: AdminRow) => boolean {
  const wanted = folded(group)
  return ({ groups }) => groups.some((name) => folded(name) === wanted)
}

function matching(part: string): (row: AdminRow) => boolean {
  return ({ id, name }) => id === part || folded(name).includes(part)
}

/** `normaliseName`, three times as fast for names of printable ASCII, which most are. */
function folded(name: string): string {
  return /^[ -~]*$/.test(name) ? name.replaceAll(" ", "").toLowerCase() : normaliseName(name)
}
