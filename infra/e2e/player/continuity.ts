import {
  announcesDiscontinuity,
  byteAt,
  counterOf,
  hasPayload,
  hasPcr,
  NULL_PID,
  PACKET_BYTES,
  pidOf,
} from "./packet.ts"

export type Continuity = "continuous" | "duplicate" | "announced" | "error"

export interface ContinuityState {
  readonly ccErrors: number
  readonly ccErrorsByPid: Readonly<Record<number, number>>
  /** Those of `ccErrors` whose counter stood still: a third copy, or a copy with other bytes. */
  readonly ccRepeatErrors: number
  readonly duplicatePackets: number
  readonly discontinuities: number
}

/** Equal in every byte but the PCR, which a duplicate may carry anew (ISO 13818-1 2.4.3.3). */
function isCopy(packet: Buffer, before: Buffer): boolean {
  const withPcr = hasPcr(packet) && hasPcr(before)
  for (let index = 1; index < PACKET_BYTES; index++) {
    if (withPcr && index >= 6 && index < 12) continue
    if (byteAt(packet, index) !== byteAt(before, index)) return false
  }
  return true
}

/**
 * Checks continuity_counter per PID as ISO 13818-1 2.4.3.3 has it: it counts payloads, stands still without
 * one, may repeat once in an exact copy, and may be anything in a packet that sets discontinuity_indicator.
 */
export function createContinuityCheck() {
  const last = new Map<number, { packet: Buffer; copied: boolean }>()
  const byPid: Record<number, number> = {}
  const counts = { ccErrors: 0, ccRepeatErrors: 0, duplicatePackets: 0, discontinuities: 0 }

  function judge(packet: Buffer, before: { packet: Buffer; copied: boolean } | undefined): Continuity {
    if (announcesDiscontinuity(packet)) {
      // A copy of an announcement announces nothing new, but it is counted as the packet it is.
      counts.discontinuities++
      return "announced"
    }
    if (before === undefined) return "continuous"
    const counter = counterOf(packet)
    const previous = counterOf(before.packet)
    if (!hasPayload(packet)) return counter === previous ? "continuous" : "error"
    if (counter === ((previous + 1) & 0x0f)) return "continuous"
    if (counter !== previous) return "error"
    if (!before.copied && isCopy(packet, before.packet)) return "duplicate"
    counts.ccRepeatErrors++
    return "error"
  }

  /** Takes any packet; null packets have no counter to keep (their PID's is undefined). */
  function check(packet: Buffer): Continuity {
    const pid = pidOf(packet)
    if (pid === NULL_PID) return "continuous"
    const verdict = judge(packet, last.get(pid))
    if (verdict === "duplicate") counts.duplicatePackets++
    if (verdict === "error") {
      counts.ccErrors++
      byPid[pid] = (byPid[pid] ?? 0) + 1
    }
    last.set(pid, { packet, copied: verdict === "duplicate" })
    return verdict
  }

  return { check, state: (): ContinuityState => ({ ...counts, ccErrorsByPid: { ...byPid } }) }
}
