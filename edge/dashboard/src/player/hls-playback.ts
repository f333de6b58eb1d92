import type Hls from "hls.js"

export type PlaybackState =
  | { kind: "opening" }
  | { kind: "playing" }
  /** Nothing comes any more, and why. */
  | { kind: "failed"; reason: string }

/**
 * Plays an HLS address in a video element; hls.js is loaded only now. Gives how to end it. Where the streamer's answer
 * says why there is nothing to play, that is the reason.
 */
export function startPlayback(
  video: HTMLVideoElement,
  url: string,
  onState: (state: PlaybackState) => void,
): () => void {
  let ended = false
  let hls: Hls | null = null
  const tell = (state: PlaybackState) => {
    if (!ended) onState(state)
  }
  const playing = () => tell({ kind: "playing" })
  video.addEventListener("playing", playing)
  tell({ kind: "opening" })
  const loading = import("hls.js").then(({ default: Player }) => {
    if (ended) return
    if (!Player.isSupported()) return playNatively(video, url, tell)
    hls = new Player({ enableWorker: false, liveSyncDurationCount: 2 })
    hls.on(Player.Events.ERROR, (_event, data) => {
      if (data.fatal)
        void reasonOf(url).then((reason) => tell({ kind: "failed", reason: reason ?? data.details }))
    })
    hls.loadSource(url)
    hls.attachMedia(video)
    // Browsers start sound only after a click; this is one.
    void video.play().catch(() => undefined)
  })
  loading.catch(() =>
    tell({ kind: "failed", reason: "The player could not be loaded: load the page again." }),
  )
  return () => {
    ended = true
    video.removeEventListener("playing", playing)
    hls?.destroy()
    video.removeAttribute("src")
    video.load()
  }
}

/** Safari plays HLS itself. */
function playNatively(video: HTMLVideoElement, url: string, tell: (state: PlaybackState) => void): void {
  video.src = url
  video.addEventListener("error", () => tell({ kind: "failed", reason: "This browser cannot play it." }))
  void video.play().catch(() => undefined)
}

async function reasonOf(url: string): Promise<string | null> {
  const response = await fetch(url).catch(() => null)
  if (response === null || response.ok) return null
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null
  return body?.error?.message ?? null
}
