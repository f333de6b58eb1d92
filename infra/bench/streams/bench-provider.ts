// The demo provider with channels of constant rates, in a process of its own:
//   PORT=… ACCOUNT='{"username":…,"password":…,"maxConnections":…}' CHANNELS='[{"id":801,"megabits":8}]' \
//   DATA_DIR=… node infra/bench/streams/bench-provider.ts

import { type DemoChannel, lowVariant, recipeAtRate } from "../../local/demo-provider/channels.ts"
import { createRenderer } from "../../local/demo-provider/render.ts"
import type { AccountInput } from "../../local/demo-provider/settings.ts"
import { startDemoProvider } from "../../local/demo-provider/start-demo-provider.ts"
import { whenParentIsGone } from "../../local/parent-gone.ts"

const { PORT: port, ACCOUNT: account = "", CHANNELS: wanted = "[]", DATA_DIR: dataDir = "" } = process.env

const sizeOf = (height: number) => ({ height, width: Math.round((height * 16) / 9) })
const channels = (JSON.parse(wanted) as { id: number; megabits: number; height?: number }[]).map(
  ({ id, megabits, height }): DemoChannel => ({
    ...{ id, name: `Bench ${id}`, group: "Bench", tvgId: `bench.${id}` },
    // One title for all, so that channels of one rate are one file.
    recipe: recipeAtRate("Bench", megabits * 1e6, height === undefined ? {} : sizeOf(height)),
  }),
)
const stopping = new AbortController()
process.once("SIGTERM", () => stopping.abort())
whenParentIsGone(() => process.exit(0))
// One at a time, so that none of them is rendered twice at once.
const renderer = createRenderer(dataDir)
for (const { recipe } of channels) {
  await renderer.loop(recipe)
  await renderer.loop(lowVariant(recipe))
}
const provider = await startDemoProvider({
  ...{ port: Number(port), dataDir, channels, signal: stopping.signal },
  accounts: [JSON.parse(account) as AccountInput],
})
process.stdout.write(`${JSON.stringify({ ready: true, url: provider.url })}\n`)
stopping.signal.addEventListener("abort", () => void provider.close().then(() => process.exit(0)))
