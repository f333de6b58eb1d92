import type { Entry, EntryKind } from "@tributary/shared/catalogue/entry"
import type { AccountReport } from "@tributary/shared/store/records"
import type { RecordWriter } from "../catalogue/record-writer.ts"
import type { Provider } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { concealmentOf } from "./conceal-quickly.ts"
import { type Categories, type Section, sections } from "./entries.ts"
import { fieldsOf, firstText, textOf } from "./fields.ts"
import { readAccount } from "./read-account.ts"
import { type FetchAction, readList } from "./read-list.ts"

export interface ReadXtreamOptions {
  fetch: FetchAction
  provider: Provider
  /** What the source's include and exclude leave; null: everything. */
  wanted: ((name: string, groups: readonly string[]) => boolean) | null
  /** Only lists of these are asked for. */
  kinds: ReadonlySet<EntryKind>
  writer: Pick<RecordWriter, "write">
  /** Awaited every few hundred entries. */
  ready: () => Promise<void>
  now: number
}

export interface XtreamRead {
  /** Entries in the provider's lists, wanted or not. */
  found: number
  report: AccountReport
  /** Kinds whose list could not be read to its end. Some of their entries may have been written before it broke. */
  failedKinds: EntryKind[]
  /** Why, in words for people. */
  problems: string[]
}

/**
 * Reads the lists of an account and writes their entries. Throws an ImportError when the account is refused, when
 * the list of channels cannot be read, or when none can be; movies and series may fail on their own.
 */
export async function readXtream(options: ReadXtreamOptions): Promise<XtreamRead> {
  const { fetch, provider, kinds, now } = options
  const report = await readAccount(fetch, now)
  const conceal = concealmentOf(provider)
  const asked = sections.filter(({ kind }) => kinds.has(kind))
  const result: XtreamRead = { found: 0, report, failedKinds: [], problems: [] }
  for (const section of asked) {
    try {
      result.found += await readSection(section, options, conceal)
    } catch (error) {
      // A stop is no answer of the provider.
      if (!(error instanceof ImportError) || error.code === "interrupted") throw error
      if (section.kind === "live" || result.failedKinds.length === asked.length - 1) throw error
      result.failedKinds.push(section.kind)
      result.problems.push(`the list of ${section.word} could not be read: ${error.message}`)
    }
  }
  return result
}

/** The number of entries found. */
async function readSection(
  section: Section,
  options: ReadXtreamOptions,
  conceal: (entry: Entry) => Entry,
): Promise<number> {
  const { fetch, wanted, writer, ready } = options
  const categories = await readCategories(fetch(section.categories))
  let found = 0
  const { shape, elements } = await readList(fetch(section.list), async (list) => {
    for (const element of list) {
      const entry = section.entry(element, categories)
      if (entry === null) continue
      found++
      if (wanted === null || wanted(entry.name, entry.groups)) writer.write(conceal(entry))
    }
    await ready()
  })
  if (shape === "login")
    throw new ImportError(
      "not_xtream",
      `the server answered with a login instead of a list of ${section.word}`,
    )
  // PHP's null and false are failed queries; and a list of nothing but errors is no empty list.
  if (shape === "nothing" || (found === 0 && elements > 0))
    throw new ImportError("not_xtream", `the server's list of ${section.word} is not Xtream's`)
  return found
}

/** No categories is no error: a panel may have none, or not know the action and answer with the login. */
async function readCategories(pieces: AsyncIterable<Buffer>): Promise<Categories> {
  const names = new Map<string, string>()
  await readList(pieces, (elements) => {
    for (const element of elements) {
      const fields = fieldsOf(element)
      const id = textOf(fields?.category_id)
      if (id !== "") names.set(id, firstText(fields?.category_name))
    }
  })
  return names
}
