const initialSlots = 1 << 12

/**
 * The channel ids (of at most ten digits) that were seen. A million of them take 8 MB, where a set of strings
 * would take most of a Worker's memory.
 */
export class IdSet {
  // Open addressing with linear probing; 0 is a free slot.
  #slots = new Uint32Array(initialSlots)
  #size = 0

  /** False when the id was there already. */
  add(id: number): boolean {
    const added = insert(this.#slots, id + 1)
    if (added && ++this.#size * 2 > this.#slots.length) this.#grow()
    return added
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2)
    for (const slot of this.#slots) if (slot !== 0) insert(larger, slot)
    this.#slots = larger
  }
}

function insert(slots: Uint32Array, value: number): boolean {
  const mask = slots.length - 1
  // Multiplied by 2^32 over the golden ratio: neighbours are spread (Knuth 6.4).
  let at = (Math.imul(value, 0x9e3779b1) >>> 8) & mask
  while (slots[at] !== 0) {
    if (slots[at] === value) return false
    at = (at + 1) & mask
  }
  slots[at] = value
  return true
}
