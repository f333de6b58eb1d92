/** Behind each buffer that has room before it, too. */
export const bytesBehind = 2
/** A packet's worth, at the widest stride, and the head of an HTTP chunk. */
export const bytesBefore = 256

/** Whose memory it is, and uses it again once it was given back. */
export interface Lender {
  giveBack(): void
}

/**
 * The bytes around a buffer in its memory, so many before it and `bytesBehind` behind it, are nobody's: what belongs
 * around it can be put there, instead of copying all of it to where there is room.
 */
export interface Room {
  before: number
  lender: Lender | null
}

const room = Symbol("room")

interface Roomy extends Buffer {
  [room]?: Room | null
}

export function giveRoom(buffer: Buffer, given: Room): Buffer {
  ;(buffer as Roomy)[room] = given
  return buffer
}

/** The room around it, which is the caller's now; null when none is known. */
export function takeRoom(buffer: Buffer): Room | null {
  const taken = (buffer as Roomy)[room] ?? null
  if (taken !== null) (buffer as Roomy)[room] = null
  return taken
}

/** Uninitialised memory with room around it. */
export function allocateRoomy(bytes: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(bytesBefore + bytes + bytesBehind)
  return giveRoom(memory.subarray(bytesBefore, bytesBefore + bytes), { before: bytesBefore, lender: null })
}

/** The buffer and so many bytes more of its memory. */
export function widen(buffer: Buffer, before: number, behind: number): Buffer {
  return Buffer.from(
    buffer.buffer as ArrayBuffer,
    buffer.byteOffset - before,
    before + buffer.length + behind,
  )
}
