/** Whether an address is that of the machine itself, so that no TV can reach it. */
export function isOnlyHere(address: string): boolean {
  const hostname = URL.parse(address)?.hostname ?? ""
  return /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(hostname)
}
