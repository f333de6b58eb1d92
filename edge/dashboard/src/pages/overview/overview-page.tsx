import { SimpleGrid, Stack } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import type { Overview } from "@tributary/shared/admin-api/overview"
import { PageHead } from "../../app/page-head.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { Attention } from "./attention.tsx"
import { FailingFeedsCard } from "./failing-feeds-card.tsx"
import { NowFigures } from "./now-figures.tsx"
import { overviewQuery } from "./overview-queries.ts"
import { PoolsCard } from "./pools-card.tsx"
import { SetUpCard } from "./set-up-card.tsx"
import { StreamersCard } from "./streamers-card.tsx"
import { TrafficCard } from "./traffic-card.tsx"

/** The page that is seen first. */
export function Component() {
  const overview = useQuery(overviewQuery)
  return (
    <>
      <PageHead title="Overview" lead="What runs at this moment, and what wants your attention." />
      <Stack>
        <SetUpCard />
        <QueryView query={overview}>
          {(data) => <OverviewView overview={data} now={overview.dataUpdatedAt} />}
        </QueryView>
      </Stack>
    </>
  )
}

function OverviewView({ overview, now }: { overview: Overview; now: number }) {
  const { pools, unanswered } = overview
  const sourceNames = new Map(pools.map(({ source, name }) => [source, name ?? source]))
  return (
    <Stack>
      <Attention imports={overview.imports} unanswered={unanswered} />
      <NowFigures now={overview.now} />
      <TrafficCard traffic={overview.traffic} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <PoolsCard pools={pools} />
        <FailingFeedsCard feeds={overview.failingFeeds} sourceNames={sourceNames} now={now} />
      </SimpleGrid>
      <StreamersCard regions={overview.streamersByRegion} unanswered={unanswered} />
    </Stack>
  )
}
