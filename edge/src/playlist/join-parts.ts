/** The head of every playlist; templates hold entries only, so that they can be joined. */
const head = "#EXTM3U\n"

/**
 * A playlist's head and its templates, one after the other. An object that is missing (its snapshot was
 * replaced twice meanwhile) breaks the stream off: a cut answer is told from a whole one.
 */
export function joinParts(
  objectKeys: readonly string[],
  open: (key: string) => Promise<ReadableStream<Uint8Array> | null>,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const send = async () => {
    const writer = writable.getWriter()
    await writer.write(new TextEncoder().encode(head))
    writer.releaseLock()
    for (const key of objectKeys) {
      const body = await open(key)
      if (body === null) throw new Error(`snapshot object ${key} is missing`)
      await body.pipeTo(writable, { preventClose: true })
    }
    await writable.close()
  }
  send().catch((reason) => writable.abort(reason).catch(() => undefined))
  return readable
}
