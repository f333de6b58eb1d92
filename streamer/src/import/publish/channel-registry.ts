import type { ChannelSet } from "./channel-set.ts"
import { HashTable } from "./hash-table.ts"

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
  readonly #taken: HashTable

  private constructor(numbers: Uint32Array) {
    this.#numbers = numbers
    this.#byKey = new HashTable(numbers.length / 4)
    this.#taken = new HashTable(numbers.length / 4)
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
    const entries = this.#numbers.length / 4
    for (let at = 0; at < entries; at++) if (this.#isKept(at, today)) this.#take(this.#id(at))
    const fresh: number[] = []
    for (let channel = from; channel < channels.count; channel++) {
      const known = this.#byKey.get(channels.keyOne[channel] as number, channels.keyTwo[channel] as number)
      if (known >= 0 && this.#isKept(known, today)) channels.id[channel] = this.#id(known)
      else fresh.push(channel)
    }
    for (const channel of newcomersInOrder(channels, fresh)) {
      let probe = (channels.keyOne[channel] as number) % span
      while (!this.#take(smallest + probe)) probe = (probe + 1) % span
      channels.id[channel] = smallest + probe
    }
  }

  /** The memory for the next publication: of the channels that are, and of those that vanished lately. */
  next(channels: ChannelSet, today: number): Buffer {
    const present = new HashTable(channels.count)
    for (let channel = 0; channel < channels.count; channel++)
      present.add(channels.keyOne[channel] as number, channels.keyTwo[channel] as number, channel)
    const gone: number[] = []
    for (let at = 0; at * 4 < this.#numbers.length; at++)
      if (this.#isKept(at, today) && present.get(this.#key(at, 0), this.#key(at, 1)) < 0) gone.push(at)
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

  /** False when the id is taken already. */
  #take(id: number): boolean {
    const before = this.#taken.size
    this.#taken.add(id, 0, 0)
    return this.#taken.size > before
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
