/** A row that is drawn, and the pixels between it and the one that is drawn above it. */
export interface DrawnRow {
  index: number
  gap: number
}

/** What to draw of a list: rows with gaps between them, and the gap below the last one. */
export function drawnRows(
  items: readonly { index: number; start: number; end: number }[],
  height: number,
): { rows: DrawnRow[]; below: number } {
  let end = 0
  const rows = items.map((item) => {
    const gap = item.start - end
    end = item.end
    return { index: item.index, gap }
  })
  return { rows, below: Math.max(0, height - end) }
}
