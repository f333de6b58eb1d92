const everyMilliseconds = 500

/**
 * Calls back once when the process that started this one is gone (npm was killed, its terminal closed), as
 * then nobody is left to send a signal: the parent's id changes to that of the system's reaper.
 */
export function whenParentIsGone(callback: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }, everyMilliseconds)
  timer.unref()
}
