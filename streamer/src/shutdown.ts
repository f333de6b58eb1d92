import type { Logger } from "@tributary/shared/log/log"

const deadlineMilliseconds = 4_000

/** On SIGTERM or SIGINT closes the parts one after the other, then exits; at a deadline it exits anyway. */
export function closeInTurn(
  logger: Logger,
  parts: readonly (readonly [name: string, close: () => Promise<unknown>])[],
): void {
  let closing = false
  const close = async (signal: NodeJS.Signals) => {
    if (closing) return
    closing = true
    logger.info("closing", { signal })
    setTimeout(() => process.exit(0), deadlineMilliseconds).unref()
    for (const [name, part] of parts)
      await part().catch((error: unknown) => logger.warn("a part did not close", { part: name, error }))
    process.exit(0)
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void close(signal))
}
