/** The row that a key leads to from this one; null: the key is for something else. */
export function rowAfterKey(key: string, index: number, count: number, rowsInSight: number): number | null {
  const last = count - 1
  switch (key) {
    case "ArrowDown":
      return Math.min(last, index + 1)
    case "ArrowUp":
      return Math.max(0, index - 1)
    case "PageDown":
      return Math.min(last, index + rowsInSight)
    case "PageUp":
      return Math.max(0, index - rowsInSight)
    case "Home":
      return 0
    case "End":
      return last
    default:
      return null
  }
}
