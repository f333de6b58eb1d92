import { sourceTestSchema } from "@tributary/shared/admin-api/sources"
import { describeIssue } from "@tributary/shared/config/describe-issue"
import { record, text } from "@tributary/shared/config/fields"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Context } from "hono"
import type { ProfileChecks } from "./profile-checks.ts"

export interface ProfileTestRouteOptions {
  checks: Pick<ProfileChecks, "ofStored" | "ofDraft">
}

const storedSchema = record({ source: text(), profile: text() })

const draftSchema = record({ draft: sourceTestSchema })

const noStore = { "cache-control": "no-store" }

/**
 * `POST /internal/profiles/test`, for the edge: `{"source","profile"}` or `{"draft":…}`, a source as the admin API
 * takes it to be tested; to be mounted behind `requireEdge`. Answers an `AccountCheck` as JSON, of a draft a `DraftCheck`.
 */
export async function testProfile(options: ProfileTestRouteOptions, context: Context): Promise<Response> {
  const { checks } = options
  const body: unknown = await context.req.json().catch(() => undefined)
  if (body === undefined) return errorResponse("bad_request", "The body is not JSON.")
  if (typeof body === "object" && body !== null && "draft" in body) {
    const draft = draftSchema.safeParse(body)
    if (!draft.success) return errorResponse("bad_request", describeIssue(draft.error))
    return context.json(await checks.ofDraft(draft.data.draft), 200, noStore)
  }
  const stored = storedSchema.safeParse(body)
  if (!stored.success) return errorResponse("bad_request", describeIssue(stored.error))
  const result = await checks.ofStored(stored.data)
  if (result.ok) return context.json(result.check, 200, noStore)
  return result.reason === "unknown_source"
    ? errorResponse("unknown_source", "There is no such source, or it has no such profile.")
    : errorResponse("store_unavailable", "The store does not answer; try again soon.", 5)
}
