import { type Pcr, writePcr } from "./clock.ts"
import { packetBytes, syncByte } from "./packet.ts"

/**
 * A packet without payload that sets discontinuity_indicator (ISO 13818-1 2.4.3.5): the counter or the clock
 * of its PID may go on with another value. The counter is not advanced, since there is no payload
 * (2.4.3.3); the first PCR of a new time base must come in a packet that sets the indicator.
 */
export function announcement(pid: number, counter: number, pcr: Pcr | null): Buffer {
  const packet = Buffer.alloc(packetBytes, 0xff)
  const flags = pcr === null ? 0x80 : 0x90
  packet.set([syncByte, pid >> 8, pid & 0xff, 0x20 | (counter & 0x0f), packetBytes - 5, flags])
  if (pcr !== null) writePcr(packet, 0, pcr)
  return packet
}
