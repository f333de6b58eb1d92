import { hashFields } from "@tributary/shared/store/hash-fields"
import { keys } from "@tributary/shared/store/keys"
import orderSourcesScript from "@tributary/shared/store/order-sources.lua"
import removeSourceScript from "@tributary/shared/store/remove-source.lua"
import saveSourceScript from "@tributary/shared/store/save-source.lua"
import type { SourceStore } from "@tributary/shared/store/source-store"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"

const scripts = {
  saveSource: saveSourceScript,
  removeSource: removeSourceScript,
  orderSources: orderSourcesScript,
}

/** Where the edge reads and writes sources. */
export function sourceStore({ keys: secretKeys, redis }: Edge): SourceStore {
  return {
    keys: secretKeys,
    read: (id) => fromStore(redis.hget<string>(keys.sources, id)),
    readAll: async () => hashFields(await fromStore(redis.hgetall(keys.sources))),
    run: (script, names, args) => fromStore(redis.createScript<string>(scripts[script]).exec(names, args)),
  }
}
