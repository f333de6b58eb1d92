/** Something that a player saw, or failed to. */
export interface Finding {
  what: string
  seen: string
  /** Null for a figure that nothing is asked of. */
  wanted: string | null
  isRight: boolean
}

/** What one player saw, printed as it comes. */
export class Findings {
  readonly all: Finding[] = []
  readonly #print: (line: string) => void

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  /** Whether all was as wanted; not so when nothing was seen. */
  get isProof(): boolean {
    return this.all.length > 0 && this.all.every(({ isRight }) => isRight)
  }

  note(what: string, seen: string | number): void {
    this.#take({ what, seen: String(seen), wanted: null, isRight: true })
  }

  /** `unit` follows both numbers. */
  atLeast(what: string, seen: number, least: number, unit: string): void {
    const [shown, wanted] = [`${rounded(seen)} ${unit}`, `at least ${least} ${unit}`]
    this.#take({ what, seen: shown, wanted, isRight: seen >= least })
  }

  same(what: string, seen: string | number, wanted: string | number): void {
    this.#take({ what, seen: String(seen), wanted: String(wanted), isRight: seen === wanted })
  }

  /** Names or addresses, all of them in this order. */
  sameList(what: string, seen: readonly string[], wanted: readonly string[]): void {
    const odd = wanted.findIndex((name, index) => seen[index] !== name)
    const isRight = odd === -1 && seen.length === wanted.length
    const place = odd === -1 ? wanted.length : odd
    this.#take({
      what,
      seen: isRight ? `all ${seen.length}` : `${seen.length}, the ${place + 1}. is ${seen[place]}`,
      wanted: `${wanted.length}, the ${place + 1}. is ${wanted[place]}`,
      isRight,
    })
  }

  /** It ended early, or could not begin. */
  fail(why: string): void {
    this.#take({ what: "failed", seen: why, wanted: "an end", isRight: false })
  }

  #take(finding: Finding): void {
    this.all.push(finding)
    const { what, seen, wanted, isRight } = finding
    this.#print(`  ${isRight ? "" : "NOT RIGHT: "}${what}: ${seen}${isRight ? "" : ` (wanted: ${wanted})`}`)
  }
}

const rounded = (value: number) => Math.round(value * 10) / 10
