import { errorResponse } from "@tributary/shared/http/errors"
import { guideHead, guideTail } from "@tributary/shared/snapshot/guide-document"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import type { Context } from "hono"
import { authenticate } from "../admission/authenticate.ts"
import { credentialsOf } from "../admission/credentials.ts"
import type { Bindings } from "../bindings.ts"
import { cacheUse } from "../cache-use.ts"
import { edgeOf } from "../edge.ts"
import { noPlaylistParts } from "../playlist/address-parts.ts"
import { fillTemplate } from "../playlist/fill-template.ts"
import { answerBytes, answerGzipFile, type Content } from "../transfer/answer-bytes.ts"
import { skipGroups } from "./skip-groups.ts"

type EdgeContext = Context<{ Bindings: Bindings }>

/** `GET /guide.xml` and `/xmltv.php`: XMLTV of the channels that a viewer may see. */
export async function serveGuide(context: EdgeContext): Promise<Response> {
  const content = await guideFor(context)
  return content instanceof Response ? content : answerBytes(context.req, content)
}

/** `GET /guide.xml.gz`: the same as a gzip file. */
export async function serveGuideFile(context: EdgeContext): Promise<Response> {
  const content = await guideFor(context)
  return content instanceof Response ? content : answerGzipFile(context.req, content)
}

async function guideFor(context: EdgeContext): Promise<Content | Response> {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const who = await authenticate(edge, credentialsOf(context.req), now)
  if (!who.ok) return errorResponse(who.code, who.message)
  const snapshot = await edge.snapshots.current(now)
  const type = "application/xml; charset=utf-8"
  if (snapshot === null || snapshot.manifest.guide.length === 0)
    return { type, dependsOn: "no guide", plain: emptyGuide }
  const { pointer, manifest } = snapshot
  const cache = cacheUse(context, who.settings)
  const { groups } = who
  const logoStart = manifest.guideHasLogos ? `${edge.config.BASE_URL}/logo/` : null
  const dependsOn = ["guide", pointer.digest, groups, logoStart]
  const stored = () => edge.packs.unpacked(pointer.snapshot, manifest.guide, cache)
  // The same bytes for all: they are sent as they are stored.
  const packed = () => edge.packs.packed(pointer.snapshot, manifest.guide, cache)
  if (groups === null && logoStart === null) return { type, dependsOn, plain: stored, packed }
  const shown = groups === null ? stored : () => skipGroups(stored(), groupNumbers(manifest, groups))
  const plain = logoStart === null ? shown : () => fillTemplate(shown(), { ...noPlaylistParts, logoStart })
  return { type, dependsOn, plain }
}

function groupNumbers({ sections }: Manifest, names: readonly string[]): Set<number> {
  return new Set(sections.live.groups.flatMap(({ name }, number) => (names.includes(name) ? [number] : [])))
}

async function* emptyGuide(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(guideHead + guideTail)
}
