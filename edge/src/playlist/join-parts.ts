/** What stands around the parts: templates hold entries only, so that they can be joined. */
export interface Frame {
  head: string
  between: string
  tail: string
}

const playlistFrame: Frame = { head: "#EXTM3U\n", between: "", tail: "" }

/**
 * Templates one after the other, in their frame (a playlist's, unless another is given). An object that is missing (its snapshot was
 * replaced twice meanwhile) breaks the stream off: a cut answer is told from a whole one.
 */
export function joinParts(
  objectKeys: readonly string[],
  open: (key: string) => Promise<ReadableStream<Uint8Array> | null>,
  { head, between, tail }: Frame = playlistFrame,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const write = async (text: string) => {
    if (text === "") return
    const writer = writable.getWriter()
    await writer.write(new TextEncoder().encode(text))
    writer.releaseLock()
  }
  const send = async () => {
    await write(head)
    for (const [index, key] of objectKeys.entries()) {
      if (index > 0) await write(between)
      const body = await open(key)
      if (body === null) throw new Error(`snapshot object ${key} is missing`)
      await body.pipeTo(writable, { preventClose: true })
    }
    await write(tail)
    await writable.close()
  }
  send().catch((reason) => writable.abort(reason).catch(() => undefined))
  return readable
}
