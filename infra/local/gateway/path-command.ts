import { makeCommand, type ParsedCommand } from "./parse-command.ts"

/**
 * The form without JSON: `/set/key/value?EX=10`. A body, which may hold any bytes, becomes the argument
 * after the path; query parameters follow it. `_token` is not an argument.
 */
export function parsePathCommand(target: string, body: Buffer | null): ParsedCommand {
  const queryStart = target.indexOf("?")
  const path = queryStart === -1 ? target : target.slice(0, queryStart)
  const words: (string | Buffer)[] = []
  try {
    for (const segment of path.slice(1).split("/")) words.push(decodeURIComponent(segment))
  } catch {
    return { kind: "refused", error: "ERR failed to parse command: the path is not percent-encoded UTF-8" }
  }
  if (body !== null && body.length > 0) words.push(body)
  if (queryStart !== -1) {
    for (const [name, value] of new URLSearchParams(target.slice(queryStart + 1))) {
      if (name === "_token") continue
      words.push(name)
      // Options such as NX have no value.
      if (value !== "") words.push(value)
    }
  }
  return makeCommand(words)
}
