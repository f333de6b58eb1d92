import type { Settings } from "@tributary/shared/config/settings"
import type { Context } from "hono"
import type { CacheUse } from "./snapshot/pack-reader.ts"

/** How an answer may use the location's cache, by the settings. */
export function cacheUse(context: Context, { cacheEnabled, cacheDuration }: Settings): CacheUse {
  return {
    seconds: cacheEnabled ? cacheDuration : 0,
    later: (work) => context.executionCtx.waitUntil(work),
  }
}
