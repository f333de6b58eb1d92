/** Of all calls of one command. */
export interface CommandUse {
  calls: number
  /** Of Redis' only thread: what a script calls is in it, waiting is not. */
  microseconds: number
}

/** What Redis says of itself since its statistics were reset. */
export interface RedisUse {
  /** By a command's name in lower case. */
  commands: Map<string, CommandUse>
  /** Of all that its clients sent. */
  inputBytes: number
}

/** Reads `INFO` (its sections `commandstats` and `stats`). */
export function redisUseIn(info: string): RedisUse {
  const commands = [...info.matchAll(/^cmdstat_([^:\r\n]+):calls=(\d+),usec=(\d+)/gm)].map(
    ([, name = "", calls, microseconds]) =>
      [name, { calls: Number(calls), microseconds: Number(microseconds) }] as const,
  )
  const inputBytes = Number(/^total_net_input_bytes:(\d+)/m.exec(info)?.[1])
  return { commands: new Map(commands), inputBytes }
}

/** Milliseconds that Redis took for one script, on average; NaN when it ran none. */
export function millisecondsPerScript({ commands }: RedisUse): number {
  // The first run on a Redis that does not know it yet is an EVAL.
  const { calls, microseconds } = commands.get("evalsha") ?? { calls: 0, microseconds: 0 }
  return microseconds / calls / 1000
}
