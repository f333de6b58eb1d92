/** What a container engine asks: exits 0 when the Worker answers. That a streamer is missing is not the edge's fault. */
const port = process.env.EDGE_PORT ?? "8080"
try {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4_000) })
  const { parts } = (await answer.json()) as { parts?: { snapshots?: { status?: string } } }
  process.exit(parts?.snapshots?.status === "ok" ? 0 : 1)
} catch {
  process.exit(1)
}
