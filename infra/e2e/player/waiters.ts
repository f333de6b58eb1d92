/** How often a condition is looked at while nothing arrives: silence can satisfy one, too. */
const LOOK_EVERY_MS = 20

interface Waiter<Report> {
  readonly predicate: (report: Report) => boolean
  readonly resolve: (report: Report) => void
  readonly reject: (reason: Error) => void
  readonly timer: NodeJS.Timeout
}

/** Promises of a condition on a report that changes. `check` is to be called whenever it changed. */
export function createWaiters<Report>(report: () => Report) {
  const waiting = new Set<Waiter<Report>>()
  let ended = false
  let looking: NodeJS.Timeout | undefined

  function remove(waiter: Waiter<Report>): void {
    waiting.delete(waiter)
    clearTimeout(waiter.timer)
    if (waiting.size === 0) clearInterval(looking)
  }

  function settleIfTrue(waiter: Waiter<Report>, current: Report): void {
    try {
      if (!waiter.predicate(current)) return
      waiter.resolve(current)
    } catch (error) {
      waiter.reject(error instanceof Error ? error : new Error(String(error)))
    }
    remove(waiter)
  }

  function check(): void {
    if (waiting.size === 0) return
    const current = report()
    for (const waiter of [...waiting]) settleIfTrue(waiter, current)
  }

  function giveUp(waiter: Waiter<Report>, why: string): void {
    remove(waiter)
    waiter.reject(new Error(`${why} while waiting for ${waiter.predicate}: ${JSON.stringify(report())}`))
  }

  async function waitFor(predicate: (report: Report) => boolean, timeoutMs: number): Promise<Report> {
    const { promise, resolve, reject } = Promise.withResolvers<Report>()
    if (waiting.size === 0 && !ended) looking = setInterval(check, LOOK_EVERY_MS)
    const timer = setTimeout(() => giveUp(waiter, `${timeoutMs} ms passed`), timeoutMs)
    const waiter: Waiter<Report> = { predicate, resolve, reject, timer }
    waiting.add(waiter)
    check()
    if (ended && waiting.has(waiter)) giveUp(waiter, "The player had ended")
    return await promise
  }

  return {
    check,
    waitFor,
    /** The report will change no more: a condition that does not hold now never will. */
    end(): void {
      ended = true
      check()
      for (const waiter of [...waiting]) giveUp(waiter, "The player ended")
    },
  }
}
