import * as z from "zod"

// Messages are for people who edit a file or a variable: they say what is allowed there.
const must = (what: string) => ({
  error: (issue: { input?: unknown; code?: string }) =>
    issue.code === "unrecognized_keys"
      ? "unknown key"
      : issue.input === undefined
        ? "is missing"
        : `must be ${what}`,
})

// Half a surrogate pair is no character (an emoji that was cut): neither Redis' JSON nor an address can hold it.
const isWhole = (written: string) => written.isWellFormed()
const half = "holds half a character"

/** A text that is not empty. */
export const text = (maximum = Number.MAX_SAFE_INTEGER) =>
  z
    .string(must("a text"))
    .min(1, "must not be empty")
    .max(maximum, `must have at most ${maximum} characters`)
    .refine(isWhole, half)

/** A text that may be empty. */
export const anyText = () => z.string(must("a text")).refine(isWhole, half)

// A line break would end the header, and what follows be another one (RFC 9110 5.5).
const isOneLine = (written: string) => !/(?!\t)\p{Cc}/u.test(written)
const oneLine = "must be on one line"

/** What can be the value of an HTTP header; it may be empty. */
export const headerValue = () => anyText().refine(isOneLine, oneLine)

/** The same, not empty. */
export const filledHeaderValue = () => text().refine(isOneLine, oneLine)

/** An id that users choose. */
export const identifier = anyText().regex(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  "must be letters, digits, - and _ (at most 64)",
)

export const wholeNumber = (minimum = Number.MIN_SAFE_INTEGER) =>
  z.int(must("a whole number")).min(minimum, `must be at least ${minimum}`)

export const flag = () => z.boolean(must("true or false"))

export const choice = <const Options extends readonly [string, ...string[]]>(...options: Options) =>
  z.enum(options, must(inWords(options)))

export const list = <Item extends z.ZodType>(item: Item) => z.array(item, must("a list"))

/** An object that has these keys and no others. */
export const record = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, must('an object, like {"key": …}'))

export const httpUrl = () => z.url({ protocol: /^https?$/, ...must("an http:// or https:// URL") })

export const dateTime = () =>
  z.iso.datetime({ offset: true, ...must("a date and time, like 2027-01-31T12:00:00Z") })

function inWords(options: readonly string[]): string {
  const quoted = options.map((option) => `"${option}"`)
  return quoted.length === 1
    ? quoted.join()
    : `${quoted.slice(0, -1).join(", ")} or ${quoted[quoted.length - 1]}`
}
