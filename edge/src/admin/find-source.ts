import { errorResponse } from "@tributary/shared/http/errors"
import { keys } from "@tributary/shared/store/keys"
import type { SourceStore } from "@tributary/shared/store/save-profile"
import saveSourceScript from "@tributary/shared/store/save-source.lua"
import { type OpenSource, readSource } from "@tributary/shared/store/source-record"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"

/** The source as it is stored; null: there is none with this id. */
export async function findSource(edge: Edge, id: string): Promise<OpenSource | null> {
  const text = await sourceStore(edge).read(id)
  return text === null ? null : readSource(edge.keys, text)
}

/** Where the edge reads and writes a source. */
export function sourceStore({ keys: secretKeys, redis }: Edge): SourceStore {
  const script = redis.createScript<string>(saveSourceScript)
  return {
    keys: secretKeys,
    read: (id) => fromStore(redis.hget<string>(keys.sources, id)),
    save: (names, args) => fromStore(script.exec(names, args)),
  }
}

export const unknownSource = (id: string) => errorResponse("unknown_source", `There is no source "${id}".`)

export const unknownProfile = (source: string, id: string) =>
  errorResponse("unknown_profile", `There is no profile "${id}" of source "${source}".`)
