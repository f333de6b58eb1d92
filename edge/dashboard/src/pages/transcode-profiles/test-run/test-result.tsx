import { Alert, Loader, Stack, Text } from "@mantine/core"
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react"
import type { TranscodeTest } from "@tributary/shared/admin-api/transcode-profiles"
import { useEffect, useRef } from "react"
import { duration } from "../../../parts/figures.ts"
import type { useProfileTest } from "../profile-queries.ts"
import { CommandBlock } from "./command-block.tsx"
import { RunFacts } from "./run-facts.tsx"

interface TestResultProps {
  test: ReturnType<typeof useProfileTest>
  /** What was tested is not what is typed now. */
  isStale?: boolean
}

/** What came of a test run; nothing before one was asked for. */
export function TestResult({ test: { data, error, isPending }, isStale = false }: TestResultProps) {
  if (isPending)
    return (
      <Text role="status" size="sm">
        <Loader component="span" size="xs" mr="xs" aria-hidden />
        ffmpeg runs on a test picture. It takes some seconds.
      </Text>
    )
  if (error !== null)
    return (
      <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title="It could not be tested">
        {error.message}
      </Alert>
    )
  if (data === undefined) return null
  return (
    <Stack gap="sm">
      <Outcome result={data} isStale={isStale} />
      <CommandBlock command={data.command} />
    </Stack>
  )
}

function Outcome({ result, isStale }: { result: TranscodeTest; isStale: boolean }) {
  const { ok, message, variants, durationMs } = result
  const place = useRef<HTMLDivElement>(null)
  // It comes some seconds after the click, and below what was clicked.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another result is what this is about.
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" })
  }, [result])
  return (
    <Alert
      ref={place}
      color={ok ? "teal" : "red"}
      role={ok ? "status" : "alert"}
      icon={ok ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={ok ? "It works" : "It does not work"}
    >
      <Stack gap="xs">
        {isStale && (
          <Text size="sm" fw={600}>
            It was changed since: this is of what was typed before.
          </Text>
        )}
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {message}
        </Text>
        {variants.length === 0 && <RunFacts run={result} />}
        {variants.map((run) => (
          <section key={run.profile} aria-label={run.profile}>
            <Text size="sm" fw={600}>
              {run.profile}
              {run.ok ? "" : ": does not work"}
            </Text>
            <RunFacts run={run} />
          </section>
        ))}
        <Text size="xs">It took {duration(durationMs)}.</Text>
      </Stack>
    </Alert>
  )
}
