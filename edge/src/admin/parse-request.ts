import { describeIssue } from "@tributary/shared/config/describe-issue"
import type { HonoRequest } from "hono"
import type * as z from "zod"

export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string }

/** The body as this schema has it, or words that name the place of what is wrong. */
export async function parseBody<Schema extends z.ZodType>(
  request: HonoRequest,
  schema: Schema,
): Promise<Parsed<z.output<Schema>>> {
  const body: unknown = await request.json().catch(() => undefined)
  if (body === undefined) return { ok: false, message: "The body is not JSON." }
  return parse(schema, body)
}

/** The query as this schema has it; a parameter that comes twice counts once. */
export function parseQuery<Schema extends z.ZodType>(
  request: HonoRequest,
  schema: Schema,
): Parsed<z.output<Schema>> {
  return parse(schema, request.query())
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): Parsed<z.output<Schema>> {
  const parsed = schema.safeParse(input)
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, message: describeIssue(parsed.error) }
}
