/** A stream of these chunks, each given when it is asked for; `failure` comes after the last one. */
export function streamOf(chunks: readonly Uint8Array[], failure?: Error): ReadableStream<Uint8Array> {
  const rest = [...chunks]
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = rest.shift()
        if (chunk !== undefined) controller.enqueue(chunk)
        else if (failure === undefined) controller.close()
        else controller.error(failure)
      },
    },
    { highWaterMark: 0 },
  )
}

/** All bytes of a stream; rejects when it breaks off. */
export async function collectBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes: number[] = []
  for await (const chunk of stream) for (const byte of chunk) bytes.push(byte)
  return Uint8Array.from(bytes)
}

/** What came before a stream ended or broke off, and whether it broke off. */
export async function readUntilEnd(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ text: string; brokeOff: boolean }> {
  const decoder = new TextDecoder()
  let text = ""
  try {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true })
    return { text, brokeOff: false }
  } catch {
    return { text, brokeOff: true }
  }
}

/** A playlist's text; `text()` warns of types that are not `text/*`. */
export async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer())
}
