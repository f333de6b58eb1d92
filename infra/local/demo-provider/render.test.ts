import { readdir, writeFile } from "node:fs/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { smallRecipe, temporaryFolder } from "./loop-for-tests.ts"
import { createRenderer, runFfmpeg } from "./render.ts"

describe("rendering", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(() => folder.remove())

  it("renders a recipe once, and again when it has changed", async () => {
    let runs = 0
    const run = async (args: string[]) => {
      runs++
      await writeFile(args.at(-1) ?? "", "loop")
    }
    await createRenderer(folder.path, run).loop(smallRecipe)
    await createRenderer(folder.path, run).loop(smallRecipe)
    expect(runs).toBe(1)
    await createRenderer(folder.path, run).loop({ ...smallRecipe, toneHz: 445 })
    expect(runs).toBe(2)
  })

  it("leaves nothing behind when it fails, and tries again", async () => {
    let fail = true
    const renderer = createRenderer(folder.path, async (args) => {
      await writeFile(args.at(-1) ?? "", "half")
      if (fail) throw new Error("broken")
    })
    await expect(renderer.loop(smallRecipe)).rejects.toThrow("broken")
    expect(await readdir(folder.path)).toEqual([])
    fail = false
    expect(String(await renderer.loop(smallRecipe))).toBe("half")
  })

  it("never runs more than two at once", async () => {
    let running = 0
    let most = 0
    const renderer = createRenderer(folder.path, async (args) => {
      most = Math.max(most, ++running)
      await writeFile(args.at(-1) ?? "", "loop")
      running--
    })
    await Promise.all([5, 10, 15, 20, 25, 30].map((toneHz) => renderer.loop({ ...smallRecipe, toneHz })))
    expect(most).toBe(2)
  })

  it("says what ffmpeg said", async () => {
    await expect(runFfmpeg(["-i", "/no/such/file"])).rejects.toThrow(/ffmpeg ended with 1: .*No such file/s)
  })

  it("ends ffmpeg when it is aborted", async () => {
    const stop = new AbortController()
    const run = runFfmpeg(["-re", "-f", "lavfi", "-i", "testsrc2", "-f", "null", "-"], stop.signal)
    stop.abort()
    await expect(run).rejects.toThrow("ffmpeg ended with SIGKILL")
    await expect(runFfmpeg(["-version"], stop.signal)).rejects.toThrow("stopped")
  })
})
