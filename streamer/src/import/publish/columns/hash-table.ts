const none = -1

/** Numbers by a 64-bit key given as two halves; open addressing over typed arrays, 24 bytes an entry. */
export class HashTable {
  #one: Uint32Array
  #two: Uint32Array
  #values: Int32Array
  #mask: number
  #size = 0

  constructor(expected: number) {
    const slots = slotsFor(expected)
    this.#one = new Uint32Array(slots)
    this.#two = new Uint32Array(slots)
    this.#values = new Int32Array(slots).fill(none)
    this.#mask = slots - 1
  }

  get size(): number {
    return this.#size
  }

  /** The number that the key has, or -1. */
  get(one: number, two: number): number {
    return this.#values[this.#slot(one, two)] as number
  }

  /** Gives the key a number (not negative), unless it has one. Returns the one that it has. */
  add(one: number, two: number, value: number): number {
    const slot = this.#slot(one, two)
    const known = this.#values[slot] as number
    if (known !== none) return known
    this.#one[slot] = one
    this.#two[slot] = two
    this.#values[slot] = value
    if (++this.#size * 2 > this.#values.length) this.#grow()
    return value
  }

  #slot(one: number, two: number): number {
    let slot = (one ^ Math.imul(two, 0x9e3779b1)) & this.#mask
    while (this.#values[slot] !== none && (this.#one[slot] !== one || this.#two[slot] !== two))
      slot = (slot + 1) & this.#mask
    return slot
  }

  #grow(): void {
    const [one, two, values] = [this.#one, this.#two, this.#values]
    const slots = values.length * 2
    this.#one = new Uint32Array(slots)
    this.#two = new Uint32Array(slots)
    this.#values = new Int32Array(slots).fill(none)
    this.#mask = slots - 1
    for (let at = 0; at < values.length; at++) {
      if (values[at] === none) continue
      const slot = this.#slot(one[at] as number, two[at] as number)
      this.#one[slot] = one[at] as number
      this.#two[slot] = two[at] as number
      this.#values[slot] = values[at] as number
    }
  }
}

const slotsFor = (expected: number) => 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)))
