import { allowedOptions, refusedOptions } from "./allowed-options.ts"
import { splitArguments } from "./split-arguments.ts"

export type CheckedArguments =
  /** ffmpeg's output options, one per word. */
  | { ok: true; words: string[] }
  /** Words that quote what is wrong. */
  | { ok: false; message: string }

const longestTemplate = 4_096
// `:v`, `:a:0`, `:s:m:language:eng`: which streams an option is for.
const specifier =
  /^(?:[vVasdtu]|\d+|[pi]:(?:0x)?[0-9a-f]+|m:\w+(?::\w+)?|[sgc](?::[as](?::\d+)?)?)(?::(?:[vVasd]|\d+))*$/
const protocol =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:async|cache|concat|concatf|crypto|data|fd|file|ftp|hls|http|https|md5|pipe|rtmp|rtp|srt|subfile|tcp|tee|tls|udp|unix)[:,])/i

const refused = (message: string): CheckedArguments => ({ ok: false, message })

/**
 * Checks a template of ffmpeg arguments as users write it. It may hold options about what comes out, of a list; input
 * and output are placed by us, so anything that names one, a file or an address is refused. The words are the
 * template's own, without a format that is what we would set.
 */
export function checkArguments(template: string): CheckedArguments {
  if (template.length > longestTemplate) return refused(`has more than ${longestTemplate} characters`)
  const split = splitArguments(template)
  if (!split.ok) return split
  const words: string[] = []
  for (let at = 0; at < split.words.length; ) {
    const word = split.words[at] ?? ""
    if (word === "-f") {
      const format = split.words[at + 1]
      if (format !== "mpegts") return refused(formatProblem(format))
      at += 2
      continue
    }
    const name = nameOf(word)
    if (name === null) return refused(noOption(word))
    const valueProblem = allowedOptions.get(name)
    if (valueProblem === undefined) return refused(`has "${word}": ${whyNot(name)}`)
    if (valueProblem === null) {
      words.push(word)
      at++
      continue
    }
    const value = split.words[at + 1]
    if (value === undefined) return refused(`ends with "${word}", which needs a value`)
    const problem = valueProblem(value)
    if (problem !== null) return refused(`has "${word}", which ${problem}${hint(value)}`)
    words.push(word, value)
    at += 2
  }
  if (words.length === 0) return refused("names no option: to leave all as it is, write -c copy")
  return { ok: true, words }
}

/** An option's name without its stream specifier; null when the word is none. */
function nameOf(word: string): string | null {
  const [, name = "", streams] = /^-([A-Za-z0-9][\w-]*)(?::(.*))?$/s.exec(word) ?? []
  if (name === "" || (streams !== undefined && !specifier.test(streams))) return null
  return name
}

function whyNot(name: string): string {
  return refusedOptions.get(name) ?? "it is not among the options that say how is encoded"
}

function noOption(word: string): string {
  if (/^\{.*\}$|^%.*%$/.test(word) || /^pipe:|^-$/.test(word))
    return `has "${word}": input and output are placed by Tributary, leave it out`
  if (protocol.test(word)) return `has "${word}": no protocol and no address may be named`
  if (word.startsWith("-/")) return `has "${word}": values are not read from files`
  if (word.startsWith("-")) return `has "${word}", which is no option of ffmpeg's`
  return `has "${word}", which is neither an option nor the value of one: the output is placed by Tributary`
}

function hint(value: string): string {
  if (value.startsWith("{")) return ": placeholders are not filled in"
  return protocol.test(value) ? ": no protocol and no address may be named" : ""
}

function formatProblem(format: string | undefined): string {
  if (format === undefined) return 'ends with "-f", which needs a value'
  return `has "-f ${format}": the format is the profile's output, "mpegts" or "hls", and Tributary sets it`
}
