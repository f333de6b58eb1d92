import { Text } from "@mantine/core"
import { useInViewport } from "@mantine/hooks"
import { useQuery } from "@tanstack/react-query"
import { guideQuery } from "../../channels/channel-queries.ts"
import { nowInWords } from "./now-in-words.ts"

/** What is on now; asked for once it is in sight. */
export function OnNow({ id }: { id: string }) {
  const { ref, inViewport } = useInViewport<HTMLParagraphElement>()
  const { data, error } = useQuery({ ...guideQuery(id), enabled: inViewport })
  const words =
    error !== null
      ? "What is on could not be asked for."
      : data === undefined
        ? "…"
        : nowInWords(data.programmes, Date.now(), clock)
  return (
    <Text ref={ref} size="sm" className="figures" style={{ overflowWrap: "anywhere" }}>
      {words}
    </Text>
  )
}

const clock = (at: number) =>
  new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })
