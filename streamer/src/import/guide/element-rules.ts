import { NameSet } from "./name-set.ts"

/** How an element of xmltv.dtd is written back. */
export interface ElementRule {
  name: string
  /** Place among its siblings, as the DTD orders them. */
  rank: number
  /** It may stand there once only. */
  isSingle: boolean
  /** It says something without content. */
  mayBeEmpty: boolean
  /** Nothing is written without its first attribute. */
  needsAttribute: boolean
  /** Known ones; the first is the one that may be needed. */
  attributes: NameSet
  /** null: its content is text. */
  children: RuleSet | null
  /** Child that a bare text is put into. */
  textChild: string | null
  start: Buffer
  end: Buffer
}

/** Rules by the names of their elements. */
export interface RuleSet {
  names: NameSet
  rules: readonly ElementRule[]
}

interface Options
  extends Partial<
    Pick<ElementRule, "isSingle" | "mayBeEmpty" | "needsAttribute" | "children" | "textChild">
  > {
  attributes?: readonly string[]
}

function rules(...elements: [names: string, options?: Options][]): RuleSet {
  const all = elements.flatMap(([names, options]) => names.split(" ").map((name) => ({ name, options })))
  return {
    names: new NameSet(all.map(({ name }) => name)),
    rules: all.map(({ name, options }, rank) => ({
      ...{ name, rank, isSingle: false, mayBeEmpty: false, needsAttribute: false },
      ...{ children: null, textChild: null, start: Buffer.from(`<${name}`), end: Buffer.from(`</${name}`) },
      ...options,
      attributes: new NameSet(options?.attributes ?? []),
    })),
  }
}

const lang = { attributes: ["lang"] }
const single = { isSingle: true }
const icon: Options = { attributes: ["src", "width", "height"], needsAttribute: true, mayBeEmpty: true }
const rating: Options = {
  attributes: ["system"],
  // Older guides, and the DTD's own example, have the bare text.
  children: rules(["value", single], ["icon", icon]),
  textChild: "value",
}

/** Children of `programme` in the DTD's order (XMLTV 1.3). Others are unknown to players and are left out. */
export const programmeRules = rules(
  ["title sub-title desc", lang],
  [
    "credits",
    {
      ...single,
      children: rules(
        ["director"],
        ["actor", { attributes: ["role", "guest"] }],
        ["writer adapter producer composer editor presenter commentator guest"],
      ),
    },
  ],
  ["date", single],
  ["category keyword", lang],
  ["language orig-language", { ...lang, ...single }],
  ["length", { ...single, attributes: ["units"], needsAttribute: true }],
  ["icon", icon],
  ["url", { attributes: ["system"] }],
  ["country", lang],
  ["episode-num", { attributes: ["system"] }],
  ["video", { ...single, children: rules(["present colour aspect quality", single]) }],
  ["audio", { ...single, children: rules(["present stereo", single]) }],
  ["previously-shown", { ...single, attributes: ["start", "channel"], mayBeEmpty: true, children: rules() }],
  ["premiere last-chance", { ...single, ...lang, mayBeEmpty: true }],
  ["new", { ...single, mayBeEmpty: true, children: rules() }],
  [
    "subtitles",
    { attributes: ["type"], mayBeEmpty: true, children: rules(["language", { ...lang, ...single }]) },
  ],
  ["rating star-rating", rating],
  ["review", { attributes: ["type", "source", "reviewer", "lang"], needsAttribute: true }],
  ["image", { attributes: ["type", "size", "orient", "system"] }],
)

/** Children of `channel` that are of use. */
export const channelRules = rules(["display-name", lang], ["icon", icon])
