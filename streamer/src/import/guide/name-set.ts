/** Names of elements or attributes, found by their bytes: guides hold millions of them. */
export class NameSet {
  readonly names: readonly Buffer[]
  /** Indices of names by length and first letter. */
  readonly #byLook = new Map<number, number[]>()

  constructor(names: readonly string[]) {
    this.names = names.map((name) => Buffer.from(name))
    for (const [index, name] of this.names.entries()) {
      const look = lookOf(name, 0, name.length)
      this.#byLook.set(look, [...(this.#byLook.get(look) ?? []), index])
    }
  }

  /** Index of the name that these bytes are; -1 for another one. */
  find(bytes: Buffer, start: number, end: number): number {
    const candidates = this.#byLook.get(lookOf(bytes, start, end))
    if (candidates !== undefined)
      for (const index of candidates) if (isSame(this.names[index] as Buffer, bytes, start)) return index
    return -1
  }
}

const lookOf = (bytes: Buffer, start: number, end: number) => (end - start) * 256 + (bytes[start] ?? 0)

function isSame(name: Buffer, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < name.length; at++) if (name[at] !== bytes[start + at]) return false
  return true
}
