import type { ProfileRow } from "@tributary/shared/admin-api/sources"

/** What is typed in the form of a profile. Empty texts: not given, or unchanged where the API does not show it. */
export type ProfileValues = {
  name: string
  username: string
  password: string
  maxStreams: number | string
  /** Its own server. */
  url: string
  /** Its account is where the source's is again. */
  withoutUrl: boolean
}

export const emptyProfile: ProfileValues = {
  ...{ name: "", username: "", password: "", maxStreams: "", url: "", withoutUrl: false },
}

export const valuesOfProfile = ({ name, maxStreams }: ProfileRow): ProfileValues => ({
  ...emptyProfile,
  name,
  maxStreams: maxStreams ?? "",
})

type Body = Record<string, unknown>

/** The body of `POST …/profiles`: what is empty is left out. `priority`: behind those that are there. */
export function newProfileBody(values: ProfileValues, priority: number): Body {
  const { maxStreams } = values
  return {
    ...given({ name: values.name.trim(), ...secretsOf(values) }),
    ...(maxStreams !== "" && { maxStreams }),
    priority,
  }
}

/** The body of `PATCH …/profiles/{profileId}`: only what is not as it is stored. */
export function changedProfileBody(values: ProfileValues, row: ProfileRow): Body {
  const { name, withoutUrl } = values
  const maxStreams = values.maxStreams === "" ? null : values.maxStreams
  return {
    ...(name.trim() !== row.name && { name: name.trim() }),
    ...(maxStreams !== row.maxStreams && { maxStreams }),
    ...given(secretsOf(values)),
    ...(withoutUrl && { url: null }),
  }
}

/** Behind all of these. */
export const nextPriority = (profiles: readonly Pick<ProfileRow, "priority">[]): number =>
  Math.max(-1, ...profiles.map(({ priority }) => priority)) + 1

const secretsOf = ({ url, username, password }: ProfileValues) => ({
  ...{ url: url.trim(), username: username.trim(), password },
})

const given = (texts: Record<string, string>): Body =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""))
