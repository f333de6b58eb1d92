/** Rows are asked for in pages of so many; the API gives at most 500. */
export const pageSize = 200

/** The numbers of the pages that hold the rows from `first` to `last` inclusive. */
export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / pageSize)
  const to = Math.floor(Math.max(0, last) / pageSize)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
}

/** Where a row is: the page's number, and its place there. */
export const placeOf = (index: number): { page: number; at: number } => ({
  page: Math.floor(index / pageSize),
  at: index % pageSize,
})
