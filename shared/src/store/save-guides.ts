import type { RunScript } from "../lease/scripts.ts"
import type { Keys } from "../secrets/keys.ts"
import type { GuideList, GuidesChange } from "./change-guides.ts"
import { openGuides, textOf } from "./epg.ts"
import { guideJob, keys, publishJob } from "./keys.ts"

export type SavedGuides =
  /** `changed`: something is different, and an import or a publication is due. */
  | (Extract<GuidesChange, { ok: true }> & { changed: boolean })
  | Extract<GuidesChange, { ok: false }>
  /** Others change the guides all the time. */
  | { ok: false; code: "busy" }

// Each loss means that another change was saved meanwhile.
const attempts = 20

/** Where the guides are read and written. */
export interface GuideStore {
  secretKeys: Keys
  /** What is stored at `config:epg`. */
  read: () => Promise<string | null>
  run: RunScript
}

/** Changes the guides that are configured on their own: `change` is asked again with what is there then. */
export async function saveGuides(
  { secretKeys, read, run }: GuideStore,
  change: (guides: GuideList) => GuidesChange,
): Promise<SavedGuides> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const text = (await read()) ?? ""
    const guides = await openGuides(secretKeys, text)
    const changed = change(guides)
    if (!changed.ok) return changed
    if (isSame(changed.guides, guides)) return { ...changed, changed: false }
    const reply = await run(
      "saveEpg",
      [keys.configVersion, keys.epg, keys.importsDue, keys.importsStatus],
      [text, textOf(changed.guides), guideJob(null), publishJob],
    )
    if (reply === "ok") return { ...changed, changed: true }
  }
  return { ok: false, code: "busy" }
}

function isSame(one: GuideList, other: GuideList): boolean {
  return one.length === other.length && one.every(({ id }, at) => id === other[at]?.id)
}
