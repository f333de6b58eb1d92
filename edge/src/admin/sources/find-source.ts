import { errorResponse } from "@tributary/shared/http/errors"
import { type OpenSource, readSource } from "@tributary/shared/store/source-record"
import type { NotSaved, Refusal } from "@tributary/shared/store/source-store"
import type { Edge } from "../../edge.ts"
import { StoreBusyError } from "../../store-unavailable.ts"
import { sourceStore } from "./source-store.ts"

/** The source as it is stored; null: there is none with this id. */
export async function findSource(edge: Edge, id: string): Promise<OpenSource | null> {
  const text = await sourceStore(edge).read(id)
  return text === null ? null : readSource(edge.keys, text)
}

export const unknownSource = (id: string) => errorResponse("unknown_source", `There is no source "${id}".`)

export const unknownProfile = (source: string, id: string) =>
  errorResponse("unknown_profile", `There is no profile "${id}" of source "${source}".`)

/** Why a change of a source is not in force. */
export function notSaved(source: string, failure: Refusal | NotSaved): Response {
  switch (failure.code) {
    case "unknown_source":
      return unknownSource(source)
    case "busy":
      throw new StoreBusyError("the source changes all the time")
    default:
      return errorResponse(failure.code, failure.message)
  }
}
