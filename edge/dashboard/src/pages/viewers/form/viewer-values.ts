import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { localTimeOf, withOffset } from "./local-time.ts"

/** What is typed in the form of a viewer. An empty password: one is made, or theirs stays. */
export type ViewerValues = {
  username: string
  password: string
  maxStreams: number | string
  whenFull: ViewerRow["whenFull"]
  allGroups: boolean
  groups: string[]
  /** In the reader's zone; empty: never. */
  expiresAt: string
  enabled: boolean
}

export const emptyViewer: ViewerValues = {
  ...{ username: "", password: "", maxStreams: "", whenFull: "refuse" },
  ...{ allGroups: true, groups: [], expiresAt: "", enabled: true },
}

/** What the form of a stored viewer begins with. */
export function valuesOf(row: ViewerRow): ViewerValues {
  const { username, whenFull, enabled, expiresAt, groups } = row
  return {
    ...{ username, password: "", whenFull, enabled },
    maxStreams: row.maxStreams ?? "",
    allGroups: groups === null,
    groups: groups ?? [],
    expiresAt: expiresAt === null ? "" : localTimeOf(expiresAt),
  }
}

type Body = Record<string, unknown>

/** The body of `POST /api/viewers`. */
export const newViewerBody = (values: ViewerValues): Body => ({
  username: values.username.trim(),
  ...passwordOf(values),
  ...openOf(values),
})

/** The body of `PATCH /api/viewers/{username}`: only what is not as it was when the form was opened. */
export function changedViewerBody(values: ViewerValues, before: ViewerValues): Body {
  const stored = openOf(before)
  const changed = Object.entries(openOf(values)).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(stored[key]),
  )
  return { ...Object.fromEntries(changed), ...passwordOf(values) }
}

const passwordOf = ({ password }: ViewerValues): Body => (password === "" ? {} : { password })

function openOf({ maxStreams, whenFull, allGroups, groups, expiresAt, enabled }: ViewerValues): Body {
  return {
    maxStreams: maxStreams === "" ? null : maxStreams,
    groups: allGroups ? null : groups,
    expiresAt: expiresAt === "" ? null : withOffset(expiresAt),
    ...{ enabled, whenFull },
  }
}
