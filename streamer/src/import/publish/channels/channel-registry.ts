import { HashTable } from "../columns/hash-table.ts"
import type { ChannelSet } from "./channel-set.ts"

const entryBytes = 16
const smallest = 100_000_000
const span = 2 ** 31 - smallest
/** How long a channel that vanished keeps its id, so that players' favourites find it when it comes back. */
export const keptDays = 30

/**
 * Memory of the ids that channels have, from one publication to the next: four 32-bit little-endian numbers
 * each, the two hashes of its key, its id, and the day (since 1970) when it vanished, or 0.
 */
export class ChannelRegistry {
  readonly #numbers: Uint32Array
  readonly #byKey: HashTable
  /** Of the entries: 1 when a channel has it now. */
  readonly #isPresent: Uint8Array
  #taken: IdSet | null = null

  private constructor(numbers: Uint32Array) {
    this.#numbers = numbers
    this.#byKey = new HashTable(numbers.length / 4)
    this.#isPresent = new Uint8Array(numbers.length / 4)
    for (let at = 0; at * 4 < numbers.length; at++)
      this.#byKey.add(numbers[at * 4] as number, numbers[at * 4 + 1] as number, at)
  }

  static empty(): ChannelRegistry {
    return new ChannelRegistry(new Uint32Array(0))
  }

  /** Reads what `next` wrote. */
  static read(bytes: Buffer): ChannelRegistry {
    const numbers = new Uint32Array(Math.floor(bytes.length / entryBytes) * 4)
    for (let at = 0; at < numbers.length; at++) numbers[at] = bytes.readUInt32LE(at * 4)
    return new ChannelRegistry(numbers)
  }

  /**
   * Gives every channel its id: the one that it had, else one from the hash of its key, nine or ten digits,
   * because Xtream clients keep ids as signed 32-bit numbers. A newcomer never takes the id of a channel that
   * is there, or vanished less than 30 days ago; newcomers that hash alike are told apart in the same way
   * whatever their order. `today`: days since 1970. `from`: the first channel that has no id yet.
   */
  assign(channels: ChannelSet, today: number, from = 0): void {
    const fresh: number[] = []
    for (let channel = from; channel < channels.count; channel++) {
      const known = this.#byKey.get(channels.keyOne[channel] as number, channels.keyTwo[channel] as number)
      if (known < 0 || !this.#isKept(known, today)) fresh.push(channel)
      else {
        channels.id[channel] = this.#id(known)
        this.#isPresent[known] = 1
      }
    }
    if (fresh.length === 0) return
    this.#taken ??= this.#keptIds(today, fresh.length)
    for (const channel of newcomersInOrder(channels, fresh)) {
      let probe = (channels.keyOne[channel] as number) % span
      while (!this.#taken.add(smallest + probe)) probe = (probe + 1) % span
      channels.id[channel] = smallest + probe
    }
  }

  /** The memory for the next publication: of the channels that are, and of those that vanished lately. */
  next(channels: ChannelSet, today: number): Buffer {
    const gone: number[] = []
    for (let at = 0; at < this.#isPresent.length; at++)
      if (this.#isPresent[at] === 0 && this.#isKept(at, today)) gone.push(at)
    const bytes = Buffer.allocUnsafe((channels.count + gone.length) * entryBytes)
    let to = 0
    const write = (...numbers: [number, number, number, number]) => {
      for (const number of numbers) to = bytes.writeUInt32LE(number, to)
    }
    for (let channel = 0; channel < channels.count; channel++)
      write(
        channels.keyOne[channel] as number,
        channels.keyTwo[channel] as number,
        channels.id[channel] as number,
        0,
      )
    for (const at of gone) write(this.#key(at, 0), this.#key(at, 1), this.#id(at), this.#key(at, 3) || today)
    return bytes
  }

  #keptIds(today: number, more: number): IdSet {
    const ids = new IdSet(this.#isPresent.length + more)
    for (let at = 0; at < this.#isPresent.length; at++) if (this.#isKept(at, today)) ids.add(this.#id(at))
    return ids
  }

  #isKept(at: number, today: number): boolean {
    const vanished = this.#key(at, 3)
    return vanished === 0 || today - vanished <= keptDays
  }

  #id(at: number): number {
    return this.#key(at, 2)
  }

  #key(at: number, part: 0 | 1 | 2 | 3): number {
    return this.#numbers[at * 4 + part] as number
  }
}

/** Ids that are taken: open addressing in 8 to 16 bytes an id. */
class IdSet {
  #slots: Uint32Array
  #size = 0

  constructor(expected: number) {
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(16, expected * 2))))
  }

  /** False when it is there already. */
  add(id: number): boolean {
    const slot = this.#slotOf(id)
    if (this.#slots[slot] === id) return false
    this.#slots[slot] = id
    if (++this.#size * 2 > this.#slots.length) this.#grow()
    return true
  }

  /** Where the id is, or belongs; no id is 0. */
  #slotOf(id: number): number {
    const mask = this.#slots.length - 1
    let slot = Math.imul(id, 0x9e3779b1) & mask
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== id) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const ids = this.#slots
    this.#slots = new Uint32Array(ids.length * 2)
    for (const id of ids) if (id !== 0) this.#slots[this.#slotOf(id)] = id
  }
}

/** By their first choice of an id, and among those who share it by the rest of their hashes. */
function newcomersInOrder(channels: ChannelSet, fresh: readonly number[]): Uint32Array {
  const order = Uint32Array.from(fresh)
  const { keyOne, keyTwo } = channels
  const choice = (channel: number) => (keyOne[channel] as number) % span
  return order.sort(
    (a, b) =>
      choice(a) - choice(b) ||
      (keyOne[a] as number) - (keyOne[b] as number) ||
      (keyTwo[a] as number) - (keyTwo[b] as number),
  )
}
