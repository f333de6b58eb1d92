import type { RedisCommand } from "./redis-command.ts"
import { refusalOf } from "./refused-commands.ts"
import { withoutUpstashFlags } from "./script-flags.ts"

export type ParsedCommand = { kind: "command"; command: RedisCommand } | { kind: "refused"; error: string }

/** Turns one element of a request (already JSON) into a command. */
export function parseCommand(json: unknown): ParsedCommand {
  if (!Array.isArray(json)) return refuse("ERR failed to parse command: expected a JSON array")
  const words: string[] = []
  for (const element of json as unknown[]) {
    // JSON.stringify turns an `undefined` argument into null: a mistake of the caller, never a value.
    if (element === null) return refuse("ERR null args are not supported")
    words.push(typeof element === "string" ? element : JSON.stringify(element))
  }
  if (typeof json[0] === "object") return refuse("ERR failed to parse command: its name is not a string")
  return makeCommand(words)
}

/** Checks a command's name; the arguments are Redis's own business. */
export function makeCommand(words: (string | Buffer)[]): ParsedCommand {
  const first = words[0]
  if (typeof first !== "string" || first === "") return refuse("ERR empty command")
  const command = withoutUpstashFlags({ name: first.toUpperCase(), arguments: words })
  const error = refusalOf(command)
  return error === null ? { kind: "command", command } : refuse(error)
}

function refuse(error: string): ParsedCommand {
  return { kind: "refused", error }
}
