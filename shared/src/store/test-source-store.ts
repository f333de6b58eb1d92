// biome-ignore-all lint/style/noRestrictedImports: test set-up; no tier imports it
// biome-ignore-all lint/correctness/noNodejsModules: test set-up; no tier imports it
import { readFileSync } from "node:fs"
import type { Redis } from "@upstash/redis"
import type { Keys } from "../secrets/keys.ts"
import { hashFields } from "./hash-fields.ts"
import { keys } from "./keys.ts"
import type { SourceScript, SourceStore } from "./source-store.ts"

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8")
const scripts: Record<SourceScript, string> = {
  saveSource: read("save-source.lua"),
  removeSource: read("remove-source.lua"),
  orderSources: read("order-sources.lua"),
}

/** Sources in a real store, as the edge reads and writes them. */
export function testSourceStore(redis: Redis, secretKeys: Keys): SourceStore {
  return {
    keys: secretKeys,
    read: (id) => redis.hget<string>(keys.sources, id),
    readAll: async () => hashFields(await redis.hgetall(keys.sources)),
    run: (script, names, args) => redis.createScript<string>(scripts[script]).exec(names, args),
  }
}

/** Sends every script twice, as a client does that lost the first answer. */
export function sentTwice(store: SourceStore): SourceStore {
  return {
    ...store,
    run: async (...call) => {
      await store.run(...call)
      return store.run(...call)
    },
  }
}
