import { checkOrder } from "./check-order.ts"
import { keys, publishJob } from "./keys.ts"
import type { SourceRecord } from "./records.ts"
import { mostAttempts, type NotSaved, type Refusal, type SourceStore } from "./source-store.ts"

/**
 * Puts all sources into this order at once: their `order` becomes 1, 2 and so on, and a new snapshot is due where that
 * changes any.
 */
export async function orderSources(
  store: SourceStore,
  ids: readonly string[],
): Promise<{ ok: true; isChanged: boolean } | Refusal | NotSaved> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const stored = await store.readAll()
    const refusal = checkOrder(ids, [...stored.keys()], "source")
    if (refusal !== null) return refusal
    const changes = ids.map((id, index) => {
      const text = stored.get(id) ?? ""
      const record = JSON.parse(text) as SourceRecord
      const order = index + 1
      return { id, text, changed: record.order === order ? text : JSON.stringify({ ...record, order }) }
    })
    if (changes.every(({ text, changed }) => text === changed)) return { ok: true, isChanged: false }
    const reply = await store.run(
      "orderSources",
      [keys.configVersion, keys.sources, keys.importsDue],
      [
        ...[String(ids.length), publishJob],
        ...changes.flatMap(({ id, text, changed }) => [id, text, changed]),
      ],
    )
    if (reply === "ok") return { ok: true, isChanged: true }
  }
  return { ok: false, code: "busy" }
}
