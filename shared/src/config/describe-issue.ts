import type * as z from "zod"

/** `sources[0].maxStreams`: how an error names a place in a JSON document. */
export function describePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  )
}

/** One line for what is wrong first: the path and the reason, e.g. `sources[0].url: Invalid URL`. */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return "is not valid"
  if (issue.code === "unrecognized_keys")
    return `${describePath([...issue.path, issue.keys[0] ?? ""])}: unknown key`
  const path = describePath(issue.path)
  return path === "" ? issue.message : `${path}: ${issue.message}`
}
