/** Closes what is being opened as soon as nobody wants it any more. */
export async function untilAborted<Result>(
  signal: AbortSignal,
  close: () => Promise<void>,
  open: () => Promise<Result>,
): Promise<Result> {
  // Not by a request's own signal: that is not heeded before the request is connected.
  const giveUp = () => void close()
  signal.addEventListener("abort", giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    return await open()
  } finally {
    signal.removeEventListener("abort", giveUp)
  }
}
