const viewBytes = 128 * 1024

export interface Pace {
  /** Bytes that are given to the transform at a time. */
  pieceBytes: number
  /** Bytes that a read of its output waits for. */
  atLeastBytes: number
}

// A piece of compressed text unpacks to some ten times as much.
const unpacking: Pace = { pieceBytes: 8 * 1024, atLeastBytes: 64 * 1024 }
const packing: Pace = { pieceBytes: 64 * 1024, atLeastBytes: 16 * 1024 }

/** Unpacks one gzip stream; breaks off where it is cut. */
export const unpackGzip = (chunks: AsyncIterable<Uint8Array>) =>
  paced(chunks, new DecompressionStream("gzip"), unpacking)

/** Packs everything into one gzip stream. */
export const packGzip = (chunks: AsyncIterable<Uint8Array>) =>
  paced(chunks, new CompressionStream("gzip"), packing)

/**
 * Leads bytes through a native transform no faster than they are taken. The runtime's own compression streams
 * exert no back pressure: they would unpack a whole playlist into memory for a slow player (measured: 4 MB in,
 * 43 MB held after four reads). So one read is always outstanding, and a piece is written only while that read
 * waits: what is held are the outputs of one or two pieces.
 */
export async function* paced(
  chunks: AsyncIterable<Uint8Array>,
  transform: { readable: ReadableStream; writable: WritableStream },
  { pieceBytes, atLeastBytes }: Pace,
): AsyncGenerator<Uint8Array> {
  const writer = transform.writable.getWriter()
  const reader = transform.readable.getReader({ mode: "byob" })
  let read = beginRead(reader, atLeastBytes)
  try {
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        while (read.settled) {
          const { value } = await read.result
          if (value !== undefined && value.length > 0) yield value
          read = beginRead(reader, atLeastBytes)
          // More is there for certain, but a read settles a turn later; exactly a view's length may be all.
          if (value?.length === viewBytes) await Promise.race([read.result, scheduler.wait(1)])
        }
        await writer.write(chunk.subarray(at, at + pieceBytes))
      }
    const closing = writer.close()
    closing.catch(() => undefined)
    for (;;) {
      const { value, done } = await read.result
      if (value !== undefined && value.length > 0) yield value
      if (done) break
      read = beginRead(reader, atLeastBytes)
    }
    await closing
  } finally {
    // After its end neither does anything.
    await Promise.allSettled([reader.cancel(), writer.abort()])
  }
}

interface Read {
  settled: boolean
  result: Promise<ReadableStreamReadResult<Uint8Array>>
}

function beginRead(reader: ReadableStreamBYOBReader, atLeastBytes: number): Read {
  const read: Read = {
    settled: false,
    result: reader.readAtLeast(atLeastBytes, new Uint8Array(viewBytes)).finally(() => {
      read.settled = true
    }),
  }
  // Awaited when its turn comes.
  read.result.catch(() => undefined)
  return read
}
