import { Group, Text, Title } from "@mantine/core"
import type { ReactNode } from "react"

interface PageHeadProps {
  title: string
  /** What the page is for, in a sentence. */
  lead?: ReactNode
  /** What can be done on the page as a whole. */
  actions?: ReactNode
}

/** The head of every page: one `h1`. */
export function PageHead({ title, lead, actions }: PageHeadProps) {
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <div>
        <Title order={1} size="h2">
          {title}
        </Title>
        {lead !== undefined && (
          <Text c="dimmed" size="sm" maw={640}>
            {lead}
          </Text>
        )}
      </div>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
