import { Group, SimpleGrid, Text } from "@mantine/core"
import type { Stream } from "@tributary/shared/admin-api/streams"
import type { ReactNode } from "react"
import { bitRate, count, duration } from "../../parts/figures.ts"
import type { RateSample } from "./rate-history.ts"
import { Sparkline } from "./sparkline.tsx"
import { feedWords, pictureWords, soundWords } from "./stream-words.ts"

interface StreamFactsProps {
  stream: Stream
  /** Undefined: a chart shows them. */
  samples?: readonly RateSample[]
  /** Unix milliseconds. */
  now: number
  columns: number
}

/** How a stream is, by name and value. */
export function StreamFacts({ stream, samples, now, columns }: StreamFactsProps) {
  const { viewers, relays, bitsPerSecond, failovers, lastFailure, streamer, relayOf, startedAt } = stream
  const isFile = bitsPerSecond === 0 && stream.kind !== "live" && stream.kind !== "transcode"
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: columns }} spacing="xs" m={0} className="figures">
      <Fact name="Viewers">
        {count(viewers)}
        {relays > 0 && ` and ${relays === 1 ? "1 relay" : `${count(relays)} relays`}`}
      </Fact>
      {!isFile && (
        <Fact name="Bitrate">
          <Group component="span" gap="xs">
            {bitRate(bitsPerSecond)}
            {samples !== undefined && <Sparkline samples={samples} />}
          </Group>
        </Fact>
      )}
      <Fact name="From">{relayOf === null ? feedWords(stream) : `Streamer ${relayOf}, which has it`}</Fact>
      <Fact name="Picture">{pictureWords(stream) ?? "not known"}</Fact>
      <Fact name="Sound">{soundWords(stream) ?? "not known"}</Fact>
      <Fact name="Failovers">
        {count(failovers)}
        {lastFailure !== null && (
          <Text component="span" size="xs" display="block">
            {lastFailure}
          </Text>
        )}
      </Fact>
      <Fact name="Runs for">{duration(now - startedAt)}</Fact>
      <Fact name="Streamer">{streamer}</Fact>
    </SimpleGrid>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  )
}
