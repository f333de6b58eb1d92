import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core"
import { IconArrowBackUp, IconPencil, IconPlayerPlay, IconTrash } from "@tabler/icons-react"
import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { confirm } from "../../parts/confirm.tsx"
import { tellDone } from "../../parts/tell.ts"
import { testBody, valuesOf } from "./form/profile-values.ts"
import { useDeleteProfile, useProfileTest } from "./profile-queries.ts"
import { originWords, recipeWords } from "./profile-words.ts"
import { TestResult } from "./test-run/test-result.tsx"

/** One transcode profile: what it makes, and whether that works. */
export function ProfileCard({ row, onEdit }: { row: TranscodeProfileRow; onEdit: () => void }) {
  const { id, name, output, builtIn, origin } = row
  const test = useProfileTest()
  const origins = originWords(row)
  return (
    <Card withBorder component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" miw={0}>
            <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
              {name}
            </Title>
            {name !== id && (
              <Text size="sm" c="dimmed">
                {id}
              </Text>
            )}
            <Badge variant="outline" color="gray">
              {output === "hls" ? "HLS" : "MPEG-TS"}
            </Badge>
            {builtIn && (
              <Badge variant="outline" color="gray">
                {origin === null ? "Built in" : "Built in, replaced"}
              </Badge>
            )}
          </Group>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerPlay size={14} aria-hidden />}
              loading={test.isPending}
              aria-label={`Test ${name}`}
              onClick={() => test.mutate(testBody(valuesOf(row)))}
            >
              Test
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} aria-hidden />}
              aria-label={`Change ${name}`}
              onClick={onEdit}
            >
              Change
            </Button>
            {origin !== null && <DeleteButton row={row} />}
          </Group>
        </Group>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {recipeWords(row)}
        </Text>
        {origins !== null && (
          <Text size="sm" c="dimmed">
            {origins}
          </Text>
        )}
        <TestResult test={test} />
      </Stack>
    </Card>
  )
}

function DeleteButton({ row }: { row: TranscodeProfileRow }) {
  const { name, id, builtIn } = row
  const remove = useDeleteProfile(row)
  const ask = () =>
    confirm({
      title: builtIn ? `Put the built-in ${id} back?` : `Delete ${name}?`,
      text: builtIn
        ? "What was saved in its place is gone then. Who watches it keeps what runs."
        : "Addresses that name it give an error then. Who watches it keeps what runs.",
      verb: builtIn ? "Put it back" : "Delete",
      onConfirm: () =>
        remove.mutate(undefined, {
          onSuccess: () => tellDone(builtIn ? `The built-in ${id} is back.` : `${name} is deleted.`),
        }),
    })
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={builtIn ? <IconArrowBackUp size={14} aria-hidden /> : <IconTrash size={14} aria-hidden />}
      loading={remove.isPending}
      aria-label={builtIn ? `Put the built-in ${id} back` : `Delete ${name}`}
      onClick={ask}
    >
      {builtIn ? "Back to built-in" : "Delete"}
    </Button>
  )
}
