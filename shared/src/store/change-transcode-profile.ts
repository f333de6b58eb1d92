import type { Redis } from "@upstash/redis"
import { describeIssue } from "../config/describe-issue.ts"
import { builtInProfiles } from "../transcode/built-in.ts"
import { variantProblems } from "../transcode/check-variants.ts"
import { type TranscodeProfileConfig, transcodeProfileSchema } from "../transcode/profile-config.ts"
import { keys } from "./keys.ts"
import type { TranscodeProfileRecord } from "./records.ts"
import { parseTranscodeProfileRecords, writtenProfile } from "./transcode-profiles.ts"

export type TranscodeProfileRecords = ReadonlyMap<string, TranscodeProfileRecord>

/** What is to be stored in place of the profile with this id, null to delete it, or why nothing is. */
export type TranscodeProfileChange =
  | { ok: true; id: string; record: TranscodeProfileRecord | null }
  | { ok: false; code: "unknown_profile" | "conflict" | "bad_request"; message: string }

/** A new profile; one that takes the place of a built-in one may have its id. */
export function addTranscodeProfile(
  records: TranscodeProfileRecords,
  profile: TranscodeProfileConfig,
): TranscodeProfileChange {
  const { id } = profile
  if (records.has(id))
    return { ok: false, code: "conflict", message: `id: there is a transcode profile "${id}" already` }
  return checked(records, id, { ...profile, origin: "api" })
}

/**
 * A profile with some of it changed; `patch` is as a JSON body has it. What makes another form of it (arguments, video
 * and audio, or variants) takes the place of the one it had. A change of a built-in profile makes one in its place.
 */
export function changeTranscodeProfile(
  records: TranscodeProfileRecords,
  id: string,
  patch: Readonly<Record<string, unknown>>,
): TranscodeProfileChange {
  const stored = records.get(id)
  const builtIn = builtInProfiles.find((profile) => profile.id === id)
  if (stored === undefined && builtIn === undefined) return unknown(id)
  if (patch.id !== undefined && patch.id !== id)
    return { ok: false, code: "bad_request", message: "id: cannot be changed" }
  const origin = stored?.origin ?? "api"
  const { origin: _, ...before } = stored ?? { ...(builtIn && writtenProfile(builtIn)), origin }
  const parsed = transcodeProfileSchema.safeParse({ ...withoutOtherForms(before, patch), ...patch, id })
  if (!parsed.success) return { ok: false, code: "bad_request", message: describeIssue(parsed.error) }
  return checked(records, id, { ...parsed.data, origin })
}

/** Deletes a profile; a built-in one of the same id is there again. */
export function removeTranscodeProfile(records: TranscodeProfileRecords, id: string): TranscodeProfileChange {
  if (records.has(id)) return checked(records, id, null)
  return builtInProfiles.some((profile) => profile.id === id)
    ? { ok: false, code: "conflict", message: `"${id}" is built in: it can be replaced, not deleted` }
    : unknown(id)
}

const unknown = (id: string): TranscodeProfileChange => ({
  ok: false,
  code: "unknown_profile",
  message: `There is no transcode profile "${id}".`,
})

const forms = [["arguments"], ["video", "audio"], ["variants"]]

function withoutOtherForms(before: object, patch: Readonly<Record<string, unknown>>): object {
  const isGiven = (key: string) => patch[key] !== undefined
  if (!forms.flat().some(isGiven)) return before
  const dropped = forms.filter((form) => !form.some(isGiven)).flat()
  return Object.fromEntries(Object.entries(before).filter(([key]) => !dropped.includes(key)))
}

/** The change, unless an adaptive profile would name what is not there or is adaptive itself. */
function checked(
  records: TranscodeProfileRecords,
  id: string,
  record: TranscodeProfileRecord | null,
): TranscodeProfileChange {
  const after = new Map(records)
  if (record === null) after.delete(id)
  else after.set(id, record)
  const already = new Set(variantProblems([...records.values()]).map(({ profile }) => profile))
  // What was wrong before, by a file that went, is no reason to refuse all other changes.
  const problem = variantProblems([...after.values()]).find(
    ({ profile }) => profile === id || !already.has(profile),
  )
  if (problem === undefined) return { ok: true, id, record }
  const { profile, at, message } = problem
  return profile === id
    ? { ok: false, code: "bad_request", message: `variants[${at}]: ${message}` }
    : { ok: false, code: "conflict", message: `the adaptive profile "${profile}" names "${id}": ${message}` }
}

/** Runs `save-transcode-profile.lua`; each tier reads the file in its own way. */
export type RunSaveTranscodeProfile = (keys: string[], args: string[]) => Promise<string>

export type SavedTranscodeProfile =
  | { ok: true; records: TranscodeProfileRecords; id: string }
  | Extract<TranscodeProfileChange, { ok: false }>
  /** Others change the config all the time. */
  | { ok: false; code: "busy" }

// Each loss means that another change was saved meanwhile.
const attempts = 20

/** Decides by what is stored, and puts the change in force if that is still so; `records` are those after it. */
export async function saveTranscodeProfile(
  redis: Redis,
  run: RunSaveTranscodeProfile,
  change: (records: TranscodeProfileRecords) => TranscodeProfileChange,
): Promise<SavedTranscodeProfile> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [version, fields] = await redis
      .multi()
      .get<string>(keys.configVersion)
      .hgetall(keys.transcodeProfiles)
      .exec<[string | number | null, unknown]>()
    const records = parseTranscodeProfileRecords(fields)
    const changed = change(records)
    if (!changed.ok) return changed
    const { id, record } = changed
    const reply = await run(
      [keys.configVersion, keys.transcodeProfiles],
      [String(version ?? ""), id, record === null ? "" : JSON.stringify(record)],
    )
    if (reply !== "ok") continue
    const after = new Map(records)
    if (record === null) after.delete(id)
    else after.set(id, record)
    return { ok: true, records: after, id }
  }
  return { ok: false, code: "busy" }
}
