import { Code, UnstyledButton } from "@mantine/core"
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react"
import { LevelBadge } from "./level-badge.tsx"
import { propertiesInLine, propertyLines, timeOf } from "./line-words.ts"
import type { TailLine } from "./log-tail.ts"
import styles from "./log-view.module.css"

interface LogRowProps {
  line: TailLine
  isOpen: boolean
  onToggle: (key: number) => void
}

/** One line; where it says more than its message, it opens. */
export function LogRow({ line, isOpen, onToggle }: LogRowProps) {
  const more = propertyLines(line.properties)
  if (more === "")
    return (
      <div className={styles.line}>
        <span />
        <LineParts line={line} />
      </div>
    )
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <>
      <UnstyledButton className={styles.line} aria-expanded={isOpen} onClick={() => onToggle(line.key)}>
        <span className={styles.mark}>
          <Chevron size={14} aria-hidden />
        </span>
        <LineParts line={line} />
      </UnstyledButton>
      {isOpen && (
        <Code block mx="xs" mb="xs" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {more}
        </Code>
      )}
    </>
  )
}

function LineParts({ line: { at, level, category, streamer, message, properties } }: { line: TailLine }) {
  return (
    <>
      <span className="figures">{timeOf(at)}</span>
      <span>
        <LevelBadge level={level} />
      </span>
      <span className={styles.from}>
        {category} · {streamer}
      </span>
      <span className={styles.message}>
        {message} <span className={styles.more}>{propertiesInLine(properties)}</span>
      </span>
    </>
  )
}
