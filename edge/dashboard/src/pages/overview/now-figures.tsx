import { Card, SimpleGrid, Text } from "@mantine/core"
import type { Overview } from "@tributary/shared/admin-api/overview"
import { bitRate, count } from "../../parts/figures.ts"
import { sharingRatio } from "./traffic-words.ts"

/** What runs at this moment. */
export function NowFigures({ now }: { now: Overview["now"] }) {
  return (
    <SimpleGrid component="section" aria-label="Now" cols={{ base: 2, md: 5 }} spacing="sm">
      <Figure name="Streams" value={count(now.streams)} />
      <Figure name="Viewers" value={count(now.viewers)} />
      <Figure name="In from providers" value={bitRate(now.bitsPerSecondIn)} />
      <Figure name="Out to viewers" value={bitRate(now.bitsPerSecondOut)} />
      <Figure
        name="Sharing"
        value={sharingRatio(now) ?? "–"}
        note={sharingRatio(now) === null ? "Nothing comes in just now" : "out for each that comes in"}
      />
    </SimpleGrid>
  )
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <Card withBorder padding="sm">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={700} className="figures">
        {value}
      </Text>
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Card>
  )
}
