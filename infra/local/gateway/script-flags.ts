import type { RedisCommand } from "./redis-command.ts"

// Upstash's own: its scripts run side by side where they share no keys. Redis knows only its own flags
// (`SCRIPT_FLAG_*`), and runs one script at a time anyway.
const upstashFlags = new Set(["allow-key-locking"])

/** A script's command without the flags in its first line that only Upstash knows; any other command as it is. */
export function withoutUpstashFlags({ name, arguments: words }: RedisCommand): RedisCommand {
  const at = name === "EVAL" || name === "EVAL_RO" ? 1 : name === "SCRIPT" ? 2 : -1
  const script = words[at]
  if (typeof script !== "string" || !script.startsWith("#!")) return { name, arguments: words }
  const plain = script.replace(
    /^(#!\S+)([^\n]*?) flags=(\S+)/,
    (_, engine: string, rest: string, flags: string) => {
      const known = flags.split(",").filter((flag) => !upstashFlags.has(flag))
      return `${engine}${rest}${known.length === 0 ? "" : ` flags=${known.join()}`}`
    },
  )
  return { name, arguments: words.with(at, plain) }
}
