export interface Sample {
  /** Seconds of the run. */
  at: number
  value: number
}

/** What a value grows by in an hour, by the line that fits its samples best (least squares); NaN of fewer than two. */
export function slopePerHour(samples: readonly Sample[]): number {
  const meanAt = mean(samples.map(({ at }) => at))
  const meanValue = mean(samples.map(({ value }) => value))
  let [products, squares] = [0, 0]
  for (const { at, value } of samples) {
    products += (at - meanAt) * (value - meanValue)
    squares += (at - meanAt) ** 2
  }
  return (products / squares) * 3600
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
