import type { RedisCommand } from "./redis-command.ts"

/**
 * Every request shares one connection, so what blocks it, changes its state or turns it into a stream
 * of messages would hit everyone. The rest administers the server, which a database user may not.
 */
const REFUSED = new Set(
  [
    "BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF",
    "MULTI EXEC DISCARD WATCH UNWATCH",
    "SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR",
    "AUTH HELLO SELECT CLIENT RESET QUIT ASKING READONLY READWRITE",
    "SYNC PSYNC REPLCONF REPLICAOF SLAVEOF FAILOVER CLUSTER MIGRATE",
    "SHUTDOWN DEBUG CONFIG ACL MODULE SAVE SWAPDB PFDEBUG",
  ].flatMap((line) => line.split(" ")),
)

/** The error to answer, or null when the command may be sent. */
export function refusalOf({ name, arguments: words }: RedisCommand): string | null {
  if (REFUSED.has(name)) return `ERR Command is not available: '${name}'`
  if (name === "SCRIPT" && isWord(words[1], "DEBUG")) return "ERR Command is not available: 'SCRIPT DEBUG'"
  if (name === "XREAD" || name === "XREADGROUP") return refuseBlocking(name, words)
  return null
}

function refuseBlocking(name: string, words: RedisCommand["arguments"]): string | null {
  for (const word of words) {
    // What follows are keys, which may have any name.
    if (isWord(word, "STREAMS")) return null
    if (isWord(word, "BLOCK")) return `ERR Command is not available: '${name}' with BLOCK`
  }
  return null
}

function isWord(word: string | Buffer | undefined, expected: string): boolean {
  return typeof word === "string" && word.toUpperCase() === expected
}
