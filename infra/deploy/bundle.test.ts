import { execFile } from "node:child_process"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const run = promisify(execFile)
const edgeFolder = fileURLToPath(new URL("../../edge", import.meta.url))
const wrangler = fileURLToPath(import.meta.resolve("wrangler"))
const budgetBytes = 300 * 1024

describe("what is uploaded to Cloudflare", () => {
  let folder: string
  let output: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bundle-test-"))
    const { stdout, stderr } = await run(
      process.execPath,
      ["--no-warnings", wrangler, "deploy", "--dry-run", "--env", "production", "--outdir", folder],
      {
        cwd: edgeFolder,
        env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(folder, "log") },
      },
    )
    output = stdout + stderr
  }, 60_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it("is bundled without a word of warning, with its bucket and its assets", () => {
    expect(output).not.toMatch(/WARNING|ERROR/)
    expect(output).toContain("env.SNAPSHOTS (tributary-snapshots)")
    expect(output).toContain("env.ASSETS")
  })

  it("stays within 300 KiB, as Cloudflare counts: a Worker is as quick to start as it is small", async () => {
    const modules = (await readdir(folder)).filter((name) => /\.(js|lua)$/.test(name))
    expect(modules).toContain("worker.js")
    const sizes = await Promise.all(
      modules.map(async (name) => gzipSync(await readFile(join(folder, name))).byteLength),
    )
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    console.log(`the Worker: ${(bytes / 1024).toFixed(1)} KiB of 300 KiB, compressed`)
    expect(bytes).toBeLessThanOrEqual(budgetBytes)
  })
})
