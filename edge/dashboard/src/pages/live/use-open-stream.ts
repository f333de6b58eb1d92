import { useSearchParams } from "react-router"
import type { StreamKey } from "./live-queries.ts"

interface OpenStream {
  /** Null: none is open. */
  opened: StreamKey | null
  open: (stream: StreamKey) => void
  close: () => void
}

/** The stream that the page's address names: `?stream=…&streamer=…`. */
export function useOpenStream(): OpenStream {
  const [parameters, setParameters] = useSearchParams()
  const [id, streamer] = [parameters.get("stream"), parameters.get("streamer")]
  return {
    opened: id === null || streamer === null ? null : { id, streamer },
    open: (stream) => setParameters({ stream: stream.id, streamer: stream.streamer }),
    close: () => setParameters({}),
  }
}
