import { mostSamples, type RateSample } from "./rate-history.ts"
import { sparklinePath } from "./sparkline-path.ts"

const box = { width: 120, height: 24, slots: mostSamples }

/** A stream's bitrate since the page was opened, small; the figure stands beside it. */
export function Sparkline({ samples }: { samples: readonly RateSample[] }) {
  return (
    <svg
      viewBox={`0 -1 ${box.width} ${box.height + 2}`}
      width={box.width}
      height={box.height}
      aria-hidden="true"
      style={{ maxWidth: "100%", flexShrink: 1 }}
    >
      <line
        x1="0"
        x2={box.width}
        y1={box.height}
        y2={box.height}
        stroke="var(--mantine-color-default-border)"
      />
      <polyline
        points={sparklinePath(
          samples.map(({ rate }) => rate),
          box,
        )}
        fill="none"
        stroke="var(--mantine-color-stream-5)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  )
}
