import { checkOrder } from "./check-order.ts"
import type { Refusal } from "./source-store.ts"

/** What a file names goes when it does not name it any more. */
export type GuideOrigin = "file" | "api"

/** A guide that is configured on its own. */
export interface StoredGuide {
  /** Made of its address, so that two of one address cannot be. */
  id: string
  url: string
  origin: GuideOrigin
  /** JWE of the address. */
  sealed: string
}

/** In their order: of what two guides say of a channel, the first one's counts. */
export type GuideList = readonly StoredGuide[]

/** The guides after the change, and the one that it is about; or why nothing changes. */
export type GuidesChange =
  | { ok: true; guides: GuideList; id: string }
  | { ok: false; code: "not_found"; message: string }
  | Refusal

/** The last one from now on. */
export function addGuide(guides: GuideList, guide: StoredGuide): GuidesChange {
  return guides.some(({ id }) => id === guide.id)
    ? duplicate
    : { ok: true, guides: [...guides, guide], id: guide.id }
}

/** Gives a guide the address of another, in its place; null: it keeps its own. */
export function changeGuide(guides: GuideList, id: string, next: StoredGuide | null): GuidesChange {
  if (!guides.some((guide) => guide.id === id)) return unknown(id)
  if (next === null || next.id === id) return { ok: true, guides, id }
  if (guides.some((guide) => guide.id === next.id)) return duplicate
  const withNext = guides.map((guide) => (guide.id === id ? { ...next, origin: guide.origin } : guide))
  return { ok: true, guides: withNext, id: next.id }
}

export function removeGuide(guides: GuideList, id: string): GuidesChange {
  const left = guides.filter((guide) => guide.id !== id)
  return left.length === guides.length ? unknown(id) : { ok: true, guides: left, id }
}

/** Puts the guides in the order of these ids, which are all there are. */
export function orderGuides(guides: GuideList, ids: readonly string[]): GuidesChange {
  const wrong = checkOrder(
    ids,
    guides.map(({ id }) => id),
    "guide",
  )
  if (wrong !== null) return wrong
  const ordered = [...guides].sort((one, two) => ids.indexOf(one.id) - ids.indexOf(two.id))
  return { ok: true, guides: ordered, id: "" }
}

const duplicate: GuidesChange = {
  ok: false,
  code: "conflict",
  message: "url: there is a guide with this address already",
}

const unknown = (id: string): GuidesChange => ({
  ok: false,
  code: "not_found",
  message: `There is no guide "${id}".`,
})
