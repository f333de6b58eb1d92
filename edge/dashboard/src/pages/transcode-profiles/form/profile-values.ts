import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"

export const profileForms = ["recipe", "arguments", "adaptive"] as const
/** Of the three ways in which a profile is written. */
export type ProfileForm = (typeof profileForms)[number]

/** Whether picture or sound is made anew, left as it comes, or left out. */
export type MediaMode = "make" | "copy" | "none"

// What a number field holds: a text while it is empty or unfinished.
type NumberTyped = number | string

/** What is typed in the form of a transcode profile; what the other forms have stays when one is chosen. */
export type ProfileValues = {
  id: string
  name: string
  output: TranscodeProfileRow["output"]
  form: ProfileForm
  video: {
    mode: MediaMode
    codec: string
    height: NumberTyped
    bitrate: NumberTyped
    frameRate: NumberTyped
  }
  audio: { mode: MediaMode; codec: string; bitrate: NumberTyped; channels: NumberTyped }
  arguments: string
  variants: string[]
}

export const emptyProfile: ProfileValues = {
  ...{ id: "", name: "", output: "mpegts", form: "recipe" },
  video: { mode: "make", codec: "h264", height: 720, bitrate: 3_000_000, frameRate: "" },
  audio: { mode: "make", codec: "aac", bitrate: 128_000, channels: 2 },
  ...{ arguments: "", variants: [] },
}

export function valuesOf(row: TranscodeProfileRow): ProfileValues {
  const { id, name, output, video, audio, variants } = row
  const form = variants !== undefined ? "adaptive" : row.arguments !== undefined ? "arguments" : "recipe"
  return {
    ...{ id, name: name === id ? "" : name, output, form },
    video: { ...emptyProfile.video, ...typed(video) },
    audio: { ...emptyProfile.audio, ...typed(audio) },
    arguments: row.arguments ?? "",
    variants: variants ?? [],
  }
}

type Typed<Fields> = { mode: MediaMode } & { [Key in keyof Fields]: Exclude<Fields[Key], null> | string }

function typed<Fields extends object>(media: Fields | "copy" | null | undefined) {
  if (media === undefined || media === "copy") return { mode: "copy" } as const
  if (media === null) return { mode: "none" } as const
  const fields = Object.entries(media).map(([key, value]) => [key, value ?? ""])
  return { mode: "make", ...Object.fromEntries(fields) } as Typed<Fields>
}

/** The profile as the configuration file has it. `stored`: the id of the one that is changed; null: it is new. */
export function profileBody(values: ProfileValues, stored: string | null): Record<string, unknown> {
  const { output, form, video, audio, variants } = values
  const name = values.name.trim()
  const head = {
    id: stored ?? values.id.trim(),
    // One that has no name of its own is called by its id.
    ...(name !== "" ? { name } : stored === null ? {} : { name: stored }),
    output: form === "adaptive" ? "hls" : output,
  }
  if (form === "arguments") return { ...head, arguments: values.arguments.trim() }
  if (form === "adaptive") return { ...head, variants }
  return { ...head, video: mediaBody(video), audio: mediaBody(audio) }
}

/** The same without its id and its name, which a test does not need. */
export function testBody(values: ProfileValues): Record<string, unknown> {
  const { id: _id, name: _name, ...body } = profileBody(values, null)
  return body
}

function mediaBody({ mode, ...fields }: { mode: MediaMode; [field: string]: NumberTyped }) {
  if (mode === "copy") return "copy"
  if (mode === "none") return null
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value === "" ? null : value]))
}

const longestId = 64

/** An id made of a name: `SD 480p` is `sd-480p`. */
export const idOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, longestId)
    .replace(/-$/, "")
