import { byteAt } from "./packet.ts"

const TABLE = new Uint32Array(256).map((_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** CRC-32 of ISO 13818-1 annex A; 0 over a whole section, its CRC included, means intact. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = ((crc << 8) ^ (TABLE[(crc >>> 24) ^ byte] ?? 0)) >>> 0
  return crc
}

/** A section's whole length from its first three bytes (2.4.4.3), or null while they are not all there. */
const sectionBytes = (bytes: Uint8Array): number | null =>
  bytes.length < 3 ? null : 3 + (((byteAt(bytes, 1) & 0x0f) << 8) | byteAt(bytes, 2))

/**
 * Joins the sections of one PID, which may span packets or share one (ISO 13818-1 2.4.4.1). `push` returns
 * the sections that this payload completed; `drop` forgets a section that lost a packet.
 */
export function createSectionReader() {
  let pending: Buffer | null = null

  function takeComplete(sections: Buffer[]): void {
    while (pending !== null) {
      // A table id of 0xff is stuffing up to the packet's end.
      if (pending.length > 0 && byteAt(pending, 0) === 0xff) {
        pending = null
        return
      }
      const length = sectionBytes(pending)
      if (length === null || pending.length < length) return
      sections.push(pending.subarray(0, length))
      pending = pending.length > length ? pending.subarray(length) : null
    }
  }

  function push(payload: Buffer, unitStart: boolean): Buffer[] {
    const sections: Buffer[] = []
    if (!unitStart) {
      if (pending !== null) pending = Buffer.concat([pending, payload])
      takeComplete(sections)
      return sections
    }
    const first = 1 + byteAt(payload, 0)
    if (pending !== null) {
      pending = Buffer.concat([pending, payload.subarray(1, first)])
      takeComplete(sections)
    }
    pending = Buffer.from(payload.subarray(first))
    takeComplete(sections)
    return sections
  }

  return {
    push,
    drop: (): void => {
      pending = null
    },
  }
}
