/** The store could not be asked; players are told to come back. The cause is for the log only. */
export class StoreUnavailableError extends Error {
  override name = "StoreUnavailableError"
}

/** The store answers, but others change the same thing all the time. */
export class StoreBusyError extends StoreUnavailableError {
  override name = "StoreBusyError"
}

/** What an answer from the store is awaited through, so that its failures are told from all others. */
export function fromStore<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw new StoreUnavailableError("the store does not answer", { cause })
  })
}
