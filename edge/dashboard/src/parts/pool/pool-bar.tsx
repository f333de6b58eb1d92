import { Group, Progress, Text } from "@mantine/core"
import { elsewhereWords, filling, fillingPercent } from "./pool-words.ts"

interface PoolBarProps {
  /** Of what: for who does not see where it stands. */
  name: string
  active: number
  /** Connections that may be open at once; null: no limit is known. */
  most: number | null
  elsewhere: number
}

/** Connections in use: ours, and those that somebody else holds, of as many as there may be. */
export function PoolBar({ name, active, most, elsewhere }: PoolBarProps) {
  const others = elsewhereWords(elsewhere)
  const words = `${filling(active, most)}${others === null ? "" : `, ${others}`}`
  const own = fillingPercent(active, most)
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress.Root size="lg" w={140} miw={60}>
        <Progress.Section value={own} aria-label={`Connections of ${name}`} aria-valuetext={words} />
        {elsewhere > 0 && (
          <Progress.Section
            value={Math.min(100 - own, fillingPercent(elsewhere, most))}
            color="gray"
            striped
            aria-label={`Connections of ${name} elsewhere`}
            aria-valuetext={others ?? ""}
          />
        )}
      </Progress.Root>
      <Text size="sm" className="figures">
        {words}
      </Text>
    </Group>
  )
}
