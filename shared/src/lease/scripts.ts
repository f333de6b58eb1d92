import type { Redis } from "@upstash/redis"

/**
 * The Lua sources, read by each tier in its own way (a text import in workerd, the file system in Node)
 * and handed in, because shared is pure.
 */
export interface ScriptSources {
  admit: string
  beat: string
  leave: string
  release: string
  claimImport: string
  settleImport: string
}

export type ScriptName = keyof ScriptSources
export type RunScript = (name: ScriptName, keys: string[], args: string[]) => Promise<string>

/** Runs scripts by their digest; a Redis that does not know one yet is sent its text once (NOSCRIPT). */
export function bindScripts(redis: Redis, sources: ScriptSources): RunScript {
  const bound = new Map(
    Object.entries(sources).map(([name, text]) => [name as ScriptName, redis.createScript<string>(text)]),
  )
  return (name, keys, args) => {
    const script = bound.get(name)
    if (script === undefined) throw new Error(`no script "${name}"`)
    return script.exec(keys, args)
  }
}
