import { Group, NativeSelect, TextInput } from "@mantine/core"
import { IconSearch } from "@tabler/icons-react"
import { type LogLevel, logLevels } from "@tributary/shared/log/log-line"

interface LogFiltersProps {
  level: LogLevel
  search: string
  /** "": all. */
  streamer: string
  streamers: readonly string[]
  onLevel: (level: LogLevel) => void
  onSearch: (search: string) => void
  onStreamer: (streamer: string) => void
}

const levelLabel = (level: LogLevel, index: number) =>
  index === 0 ? "All" : index === logLevels.length - 1 ? `Only ${level}` : `${level} and graver`

/** Which lines are shown. */
export function LogFilters(props: LogFiltersProps) {
  const { level, search, streamer, streamers, onLevel, onSearch, onStreamer } = props
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        type="search"
        label="Search"
        placeholder="In messages and what belongs to them"
        maxLength={200}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        flex={1}
        miw={200}
        maw={360}
      />
      <NativeSelect
        label="Level"
        data={logLevels.map((value, index) => ({ value, label: levelLabel(value, index) }))}
        value={level}
        onChange={(event) => onLevel(event.currentTarget.value as LogLevel)}
      />
      <NativeSelect
        label="Streamer"
        data={[{ value: "", label: "All" }, ...streamers]}
        value={streamer}
        onChange={(event) => onStreamer(event.currentTarget.value)}
      />
    </Group>
  )
}
