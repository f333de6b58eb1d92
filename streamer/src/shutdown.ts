import type { Logger } from "@tributary/shared/log/log"

const deadlineMilliseconds = 4_000

export interface ClosingOptions {
  logger: Logger
  /** What comes first, for as long as it takes up to a number of seconds; 0: nothing does. */
  drain: { seconds: number; run: () => Promise<void> }
  parts: readonly (readonly [name: string, close: () => Promise<unknown>])[]
}

/**
 * On SIGTERM drains; then, or on SIGINT or a second signal, closes the parts one after the other and exits: at a
 * deadline it exits anyway.
 */
export function closeInTurn({ logger, drain, parts }: ClosingOptions): void {
  const hurried = Promise.withResolvers<void>()
  let state: "running" | "draining" | "closing" = "running"
  const close = async (signal: NodeJS.Signals) => {
    state = "closing"
    logger.info("closing", { signal })
    setTimeout(() => process.exit(0), deadlineMilliseconds).unref()
    for (const [name, part] of parts)
      await part().catch((error: unknown) => logger.warn("a part did not close", { part: name, error }))
    process.exit(0)
  }
  const drainFirst = async (signal: NodeJS.Signals) => {
    state = "draining"
    const timer = setTimeout(() => hurried.resolve(), drain.seconds * 1000)
    const drained = drain
      .run()
      .catch((error: unknown) => logger.warn("draining failed", { error: String(error) }))
    await Promise.race([drained, hurried.promise])
    clearTimeout(timer)
    await close(signal)
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => {
      if (state === "draining") hurried.resolve()
      else if (state === "running")
        void (signal === "SIGTERM" && drain.seconds > 0 ? drainFirst(signal) : close(signal))
    })
}
