/**
 * The points of an SVG polyline for these values, the newest at the right edge; `slots`: how many fill the width. Its
 * foot is 0, so that a small change of a steady rate is drawn small.
 */
export function sparklinePath(
  values: readonly number[],
  { width, height, slots }: { width: number; height: number; slots: number },
): string {
  const most = values.reduce((one, other) => Math.max(one, other), 1)
  const step = width / (slots - 1)
  return values
    .map((value, index) => {
      const x = width - (values.length - 1 - index) * step
      return `${x.toFixed(1)},${(height - (value / most) * height).toFixed(1)}`
    })
    .join(" ")
}
