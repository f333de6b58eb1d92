/** One instruction of a Dockerfile: `COPY`, and what follows it. */
export interface Instruction {
  name: string
  /** As written, with continued lines joined. */
  text: string
  /** Of its first line, from 1. */
  line: number
}

/** What one `FROM` begins. */
export interface Stage {
  /** An image, or the name of an earlier stage. */
  base: string
  /** After `AS`; null: the stage has none. */
  name: string | null
  instructions: Instruction[]
}

/** The instructions that the project's Dockerfiles use; another one is an error, not something to pass over. */
const known = new Set([
  "ARG",
  "ENV",
  "COPY",
  "RUN",
  "USER",
  "WORKDIR",
  "VOLUME",
  "EXPOSE",
  "HEALTHCHECK",
  "CMD",
])

/**
 * Reads a Dockerfile of this project (https://docs.docker.com/reference/dockerfile/). Throws an error that names the line
 * for what is not understood: parser directives, here-documents, and flags other than `--from`.
 */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  for (const { name, text: rest, line } of instructionsOf(text)) {
    if (name === "FROM") {
      const [base, as, stage] = rest.split(/\s+/)
      if (base === undefined || (as !== undefined && as.toUpperCase() !== "AS"))
        throw notUnderstood(line, name)
      stages.push({ base, name: stage ?? null, instructions: [] })
      continue
    }
    const stage = stages.at(-1)
    if (stage === undefined || !known.has(name)) throw notUnderstood(line, name)
    if (rest.includes("<<") || (rest.startsWith("--") && !/^--(from=|interval=)/.test(rest)))
      throw notUnderstood(line, name)
    stage.instructions.push({ name, text: rest, line })
  }
  return stages
}

function* instructionsOf(text: string): Generator<Instruction> {
  let pending: Instruction | null = null
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim()
    // Comments and empty lines do not end an instruction that is continued.
    if (line === "" || line.startsWith("#")) continue
    const continued = line.endsWith("\\")
    const part = continued ? line.slice(0, -1).trimEnd() : line
    if (pending === null) {
      const [, name = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(part) ?? []
      pending = { name: name.toUpperCase(), text: rest, line: index + 1 }
    } else pending.text += ` ${part}`
    if (continued) continue
    yield pending
    pending = null
  }
}

/** The words of `COPY`: from which stage (null: the repository), which paths, and where to. */
export function copyOf(instruction: Instruction): { from: string | null; sources: string[]; target: string } {
  const words = instruction.text.split(/\s+/)
  const from = words[0]?.startsWith("--from=") ? words.shift()?.slice("--from=".length) : undefined
  const target = words.pop()
  if (target === undefined || words.length === 0) throw notUnderstood(instruction.line, instruction.name)
  return { from: from ?? null, sources: words, target }
}

/** `NAME=value` and `NAME="value"` pairs of `ENV` and `ARG`. */
export function pairsOf(instruction: Instruction): [name: string, value: string][] {
  const pairs = instruction.text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))/g)
  return [...pairs].map(([, name = "", quoted, plain]) => [name, quoted ?? plain ?? ""])
}

/** The exec form's words: `CMD ["node", "main.ts"]`. Throws for the shell form, which signals do not get through. */
export function execFormOf(instruction: Instruction): string[] {
  const words: unknown = JSON.parse(instruction.text.slice(Math.max(0, instruction.text.indexOf("["))))
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string"))
    throw notUnderstood(instruction.line, instruction.name)
  return words
}

function notUnderstood(line: number, name: string): Error {
  return new Error(`line ${line}: ${name} is not understood`)
}
