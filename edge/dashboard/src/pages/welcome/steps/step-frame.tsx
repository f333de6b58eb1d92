import { Group, Stack, Text, Title } from "@mantine/core"
import { type ReactNode, useEffect, useRef } from "react"

interface StepFrameProps {
  title: string
  /** What it is for. */
  lead: string
  /** The ways on and back. */
  ways?: ReactNode
  children: ReactNode
}

/** One step. Its head gets the focus, so that who came by the keyboard goes on from there. */
export function StepFrame({ title, lead, ways, children }: StepFrameProps) {
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    window.scrollTo({ top: 0 })
    head.current?.focus({ preventScroll: true })
  }, [])
  return (
    <Stack maw={720}>
      <div>
        <Title order={2} size="h3" ref={head} tabIndex={-1} style={{ outline: "none" }}>
          {title}
        </Title>
        <Text size="sm">{lead}</Text>
      </div>
      {children}
      {ways !== undefined && <Group>{ways}</Group>}
    </Stack>
  )
}
