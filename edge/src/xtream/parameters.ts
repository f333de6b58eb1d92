import type { Context } from "hono"

/** What an app asks for: `action`, `stream_id`, … */
export type Parameters = Record<string, string | undefined>

/** Query and form parameters; the form wins. */
export async function parametersOf(context: Context): Promise<Parameters> {
  const query = context.req.query()
  if (context.req.method !== "POST") return query
  const form = await context.req.parseBody().catch(() => ({}))
  const texts = Object.entries(form).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  )
  return { ...query, ...Object.fromEntries(texts) }
}
