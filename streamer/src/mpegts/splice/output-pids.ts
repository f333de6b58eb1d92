import { languageOf, privateFormatOf } from "../descriptors.ts"
import { nullPid } from "../packet.ts"
import type { ListedStream, Programme } from "../programme.ts"

/** A PID of the output, and the only kind of stream that is ever sent on it. */
interface Slot {
  pid: number
  /** stream_type, and what is inside where that says "private". */
  format: string
  language: string | null
}

/** Where a feed's streams go, by their own PID. A stream for which no PID is left is not in it. */
export type PidMap = ReadonlyMap<number, number>

const clockFormat = "clock"
// PIDs below are tables of all kinds (ISO 13818-1 table 2-3, EN 300 468 table 1).
const firstFreePid = 0x20
// Where players and multiplexers expect elementary streams.
const usualPid = 0x100

/**
 * Gives the streams of every feed their PIDs in the output. Players decode the streams that they found at
 * their start, on their PIDs, as what they were then: so a stream goes where one of its kind went before, and
 * a new kind gets a PID of its own.
 */
export class OutputPids {
  #slots: Slot[] = []
  readonly #isUsed: (pid: number) => boolean
  /** Of the feed that goes out now. */
  #current = new Map<number, Slot>()

  /** `isUsed`: something was sent on this PID, listed or not. */
  constructor(isUsed: (pid: number) => boolean) {
    this.#isUsed = isUsed
  }

  /** The first feed's streams, which keep their PIDs. */
  pass(programme: Programme): PidMap {
    const wanted = wantedOf(programme)
    const taken = new Set(wanted.map(({ pid }) => pid))
    this.#slots = [...this.#slots.filter(({ pid }) => !taken.has(pid)), ...wanted]
    return new Map(wanted.map(({ pid }) => [pid, pid]))
  }

  /** Another feed begins: what it has on which PID says nothing any more. */
  forgetFeed(): void {
    this.#current = new Map()
  }

  /** PIDs for the streams of another feed, and of the same one when its programme changes. */
  assign(programme: Programme, pmtPid: number): PidMap {
    const wanted = wantedOf(programme)
    const found = new Map<number, Slot>()
    const settle = (fits: (want: Slot, slot: Slot) => boolean) => {
      for (const want of wanted) {
        if (found.has(want.pid)) continue
        const taken = new Set(found.values())
        const slot = this.#slots.find(
          (each) => each.format === want.format && !taken.has(each) && fits(want, each),
        )
        if (slot !== undefined) found.set(want.pid, slot)
      }
    }
    settle((want, slot) => this.#current.get(want.pid) === slot)
    settle((want, slot) => want.language !== null && slot.language === want.language)
    settle(() => true)
    for (const want of wanted) {
      const pid = found.has(want.pid) ? null : this.#freePid(want.pid, pmtPid)
      if (pid === null) continue
      const slot = { ...want, pid }
      this.#slots.push(slot)
      found.set(want.pid, slot)
    }
    this.#current = found
    return new Map([...found].map(([pid, slot]) => [pid, slot.pid]))
  }

  #freePid(wish: number, pmtPid: number): number | null {
    const reserved = new Set([pmtPid, nullPid, ...this.#slots.map(({ pid }) => pid)])
    const isFree = (pid: number) => pid >= firstFreePid && !reserved.has(pid) && !this.#isUsed(pid)
    if (isFree(wish)) return wish
    for (let pid = usualPid; pid < nullPid; pid++) if (isFree(pid)) return pid
    for (let pid = firstFreePid; pid < usualPid; pid++) if (isFree(pid)) return pid
    return null
  }
}

/** Each PID of the programme once, its clock's too. */
function wantedOf({ pcrPid, streams }: Programme): Slot[] {
  const slots = new Map<number, Slot>()
  for (const stream of streams)
    if (isElementary(stream.pid) && !slots.has(stream.pid)) slots.set(stream.pid, slotOf(stream))
  if (isElementary(pcrPid) && !slots.has(pcrPid))
    slots.set(pcrPid, { pid: pcrPid, format: clockFormat, language: null })
  return [...slots.values()]
}

const isElementary = (pid: number) => pid >= firstFreePid && pid < nullPid

function slotOf(stream: ListedStream): Slot {
  const format = `${stream.type} ${privateFormatOf(stream) ?? ""}`
  return { pid: stream.pid, format, language: languageOf(stream) }
}
