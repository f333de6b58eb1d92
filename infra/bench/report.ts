export interface Row {
  bench: string
  what: string
  measured: string
  target: string
  verdict: "met" | "missed" | ""
}

/** What one bench measured, printed as it comes. */
export class Report {
  readonly rows: Row[] = []
  readonly #bench: string
  readonly #print: (line: string) => void

  constructor(bench: string, print: (line: string) => void) {
    this.#bench = bench
    this.#print = print
  }

  /** A figure; with a target, whether it was met. */
  row(what: string, measured: string, target = "", met?: boolean): void {
    const verdict = met === undefined ? "" : met ? "met" : "missed"
    this.rows.push({ bench: this.#bench, what, measured, target, verdict })
    this.#print(`  ${what}: ${measured}${target === "" ? "" : ` (target ${target}: ${verdict})`}`)
  }

  /** A figure that should be at most `limit`; `unit` follows both. */
  atMost(what: string, value: number, limit: number, unit: string): void {
    this.row(what, `${figure(value)} ${unit}`, `≤ ${limit} ${unit}`, value <= limit)
  }

  /** For whoever watches; not in the table. */
  say(line: string): void {
    this.#print(`  ${line}`)
  }
}

/** Three digits say all that a bench on a shared machine knows. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–"
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 3
  return value.toFixed(digits)
}

/** A Markdown table of all rows, as the README has it. */
export function markdownTable(rows: readonly Row[]): string {
  const head = ["bench", "what", "measured", "target", ""]
  const lines = rows.map(({ bench, what, measured, target, verdict }) => [
    ...[`\`${bench}\``, what, measured, target, verdict],
  ])
  const cell = (text: string) => text.replaceAll("|", "\\|")
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |\n`
  return `${line(head)}${line(head.map(() => "---"))}${lines.map(line).join("")}`
}
