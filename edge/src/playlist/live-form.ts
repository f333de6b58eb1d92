import type { Edge } from "../edge.ts"
import { findTranscodeProfile } from "../transcode-profiles.ts"
import type { LiveForm } from "./address-parts.ts"

export type ChosenLiveForm =
  | { ok: true; form: LiveForm }
  | { ok: false; code: "bad_request" | "unknown_profile" | "unsupported_output"; message: string }

/**
 * As what a playlist is to link to live channels, by its `?output=` and `?profile=`; without an output, as what the
 * profile gives. Rejects when the store is away.
 */
export async function liveForm(
  edge: Edge,
  output: string | undefined,
  profile: string | undefined,
  now: number,
): Promise<ChosenLiveForm> {
  if (output !== undefined && output !== "ts" && output !== "m3u8")
    return { ok: false, code: "bad_request", message: `output is "ts" or "m3u8", not "${output}".` }
  if (profile === undefined) return { ok: true, form: { output: output ?? "ts", profile: null } }
  const found = await findTranscodeProfile(edge, profile, now)
  if (found === null)
    return { ok: false, code: "unknown_profile", message: `There is no transcode profile "${profile}".` }
  if (output === "ts" && "variants" in found)
    return {
      ...{ ok: false, code: "unsupported_output" },
      message: `"${profile}" is several qualities to choose from: ask for output=m3u8 instead.`,
    }
  return { ok: true, form: { output: output ?? (found.output === "hls" ? "m3u8" : "ts"), profile } }
}
