import type { Redis } from "@upstash/redis"
import { type PartName, type ScriptName, scriptParts } from "./script-parts.ts"

export type { ScriptName } from "./script-parts.ts"

/**
 * The Lua sources, read by each tier in its own way (a text import in workerd, the file system in Node)
 * and handed in, because shared is pure.
 */
export type ScriptSources = Record<PartName, string>

export type RunScript = (name: ScriptName, keys: string[], args: string[]) => Promise<string>

/** Runs scripts by their digest; a Redis that does not know one yet is sent its text once (NOSCRIPT). */
export function bindScripts(redis: Redis, sources: ScriptSources): RunScript {
  const bound = new Map(
    Object.entries(scriptParts).map(([name, parts]) => {
      const text = parts.map((part) => sources[part]).join("\n")
      return [name as ScriptName, redis.createScript<string>(text)]
    }),
  )
  return (name, keys, args) => {
    const script = bound.get(name)
    if (script === undefined) throw new Error(`no script "${name}"`)
    return script.exec(keys, args)
  }
}
