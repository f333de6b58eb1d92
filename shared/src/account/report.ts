import * as z from "zod"
import type { RunScript } from "../lease/scripts.ts"
import { keys } from "../store/keys.ts"
import type { AccountReport, ProfileReport } from "../store/records.ts"

export interface ProfileName {
  source: string
  profile: string
}

/** Least time between two questions after refusals, so that a panel is not hammered. */
export const questionGapMilliseconds = 10_000

// A profile that refused is not used for this long, unless the provider says before that there is room.
const refusedMilliseconds = 30_000

// Panels notice late that a connection has ended, and count on meanwhile.
const lagMilliseconds = 10_000

/** A panel answers within seconds; longer, and the streamer that asked has died. */
export const claimMilliseconds = 60_000

/** Keeps what a provider said of an account; it is asked again after `nextSeconds` (`report.lua`). */
export function reportAccount(
  run: RunScript,
  name: ProfileName,
  report: AccountReport,
  nextSeconds: number,
): Promise<ProfileReport> {
  return runReport(run, name, JSON.stringify(report), Math.round(nextSeconds * 1000))
}

/** A provider refused a connection of a profile: it is not used for a while, and asked about soon. */
export function reportRefusal(run: RunScript, name: ProfileName): Promise<ProfileReport> {
  return runReport(run, name, "", questionGapMilliseconds)
}

async function runReport(
  run: RunScript,
  { source, profile }: ProfileName,
  said: string,
  milliseconds: number,
): Promise<ProfileReport> {
  const reply = await run(
    "report",
    [keys.reports(source), keys.leases(source), keys.ended(source), keys.profilesDue, keys.sources],
    [
      profile,
      said,
      `${source}/${profile}`,
      String(milliseconds),
      String(refusedMilliseconds),
      String(lagMilliseconds),
      String(claimMilliseconds),
    ],
  )
  return JSON.parse(reply) as ProfileReport
}

/** Takes profiles whose provider is due to be asked, so that no other streamer asks too. */
export async function claimReports(run: RunScript, most: number): Promise<ProfileName[]> {
  const reply = await run("claimReports", [keys.profilesDue], [String(claimMilliseconds), String(most)])
  if (reply === "") return []
  return z
    .array(z.string())
    .parse(JSON.parse(reply))
    .map((member) => {
      const [source = "", profile = ""] = member.split("/")
      return { source, profile }
    })
}
