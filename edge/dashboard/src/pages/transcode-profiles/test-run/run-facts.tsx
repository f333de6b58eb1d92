import { SimpleGrid, Text } from "@mantine/core"
import { runFacts } from "./run-words.ts"

/** What came out of one ffmpeg. */
export function RunFacts({ run }: { run: Parameters<typeof runFacts>[0] }) {
  const facts = runFacts(run)
  if (facts.length === 0) return null
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3 }} spacing="xs" m={0} className="figures">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <Text component="dt" size="xs">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} fw={600}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}
