import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type DemoChannel, type Recipe, recipe } from "./channels.ts"
import { type IndexedLoop, indexLoop } from "./index-loop.ts"
import { createRenderer } from "./render.ts"
import { framesPerSecond, gopFrames, loopTicks90kHz } from "./render-arguments.ts"

/** Small, so that a test renders it in a fraction of a second. */
export const smallRecipe = recipe("Small", {
  width: 160,
  height: 90,
  videoBitsPerSecond: 200_000,
  audioBitsPerSecond: 64_000,
})
export const radioRecipe = recipe("Radio", { picture: null, audioBitsPerSecond: 128_000 })

export const smallChannels: DemoChannel[] = [
  { id: 1, name: "One & Only", group: "News", tvgId: "one.test", recipe: smallRecipe },
  { id: 2, name: "Two", group: "Kids", tvgId: "two.test", recipe: { ...smallRecipe, toneHz: 660 } },
  { id: 3, name: "Radio Three", group: "Radio", tvgId: "three.test", recipe: radioRecipe },
]

/** Six of the same, whose past is kept for three days and asked for in a way of its own. */
export const pastChannels: DemoChannel[] = (
  ["xc", "shift", "append", "default", "flussonic", "flussonic-hls"] as const
).map((kind, n) => ({
  ...{ id: 11 + n, name: `Past by ${kind}`, group: "Past", tvgId: `${kind}.test` },
  ...{ recipe: smallRecipe, catchup: { days: 3, kind } },
}))

/** A new folder and how to remove it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "tributary-demo-"))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export const indexed = (bytes: Buffer): IndexedLoop =>
  indexLoop(bytes, loopTicks90kHz, gopFrames / framesPerSecond)

export async function renderLoop(wanted: Recipe): Promise<IndexedLoop> {
  const folder = await temporaryFolder()
  try {
    return indexed(await createRenderer(folder.path).loop(wanted))
  } finally {
    await folder.remove()
  }
}
