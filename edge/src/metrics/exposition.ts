/** One line of Prometheus' text format: a name, its labels as they are written, and a value. */
export interface Sample {
  name: string
  /** `a="1",b="2"`, sorted by name; "": none. */
  labels: string
  value: number
}

/** A metric with all its samples, those of a histogram's buckets included. */
export interface Family {
  name: string
  help: string
  type: string
  samples: Sample[]
}

const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g
const metaLine = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]?(.*)$/

/**
 * Reads Prometheus' text format 0.0.4. Help texts and label values stay escaped, as they are only written again;
 * lines that are none of it are passed over, and so are timestamps.
 */
export function parseExposition(text: string): Family[] {
  const families = new Map<string, Family>()
  const familyOf = (name: string): Family => {
    const family = families.get(name) ?? { name, help: "", type: "untyped", samples: [] }
    families.set(name, family)
    return family
  }
  for (const line of text.split("\n")) {
    const [, kind, named = "", rest = ""] = metaLine.exec(line) ?? []
    if (kind === "HELP") familyOf(named).help = rest
    else if (kind === "TYPE") familyOf(named).type = rest.trim()
    else if (!line.startsWith("#")) {
      const [, name, labels = "", value = ""] = sampleLine.exec(line) ?? []
      if (name === undefined) continue
      familyOf(ownerOf(name, families)).samples.push({ name, labels: sorted(labels), value: number(value) })
    }
  }
  return [...families.values()]
}

export function renderExposition(families: Iterable<Family>): string {
  const lines: string[] = []
  for (const { name, help, type, samples } of families) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (const sample of samples) {
      const labels = sample.labels === "" ? "" : `{${sample.labels}}`
      lines.push(`${sample.name}${labels} ${written(sample.value)}`)
    }
  }
  return lines.map((line) => `${line}\n`).join("")
}

/** The family of a sample: a histogram's have its name and an ending. */
function ownerOf(name: string, families: ReadonlyMap<string, Family>): string {
  const base = name.replace(/_(?:bucket|sum|count)$/, "")
  const type = families.get(base)?.type
  return type === "histogram" || type === "summary" ? base : name
}

function sorted(labels: string): string {
  return [...labels.matchAll(label)]
    .map(([text]) => text)
    .sort((one, other) => (one < other ? -1 : 1))
    .join(",")
}

function number(text: string): number {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text)
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity
  return Number(text)
}

function written(value: number): string {
  if (value === Infinity) return "+Inf"
  return value === -Infinity ? "-Inf" : String(value)
}
