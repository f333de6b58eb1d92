import { execFile } from "node:child_process"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { EnvironmentInput } from "./environment/environment-settings.ts"
import { environments } from "./environments.ts"

const folder = import.meta.dirname
const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk")

let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "tributary-synth-"))
})
afterAll(() => rm(work, { recursive: true, force: true }))

function first(): [string, EnvironmentInput] {
  const [entry] = Object.entries<EnvironmentInput>(environments)
  if (entry === undefined) throw new Error("there is no environment")
  return entry
}

/** Runs the CLI as an operator does, without credentials, with a home of its own and no way to any network. */
function synth(...args: string[]): Promise<{ code: number; output: string }> {
  const nowhere = "http://127.0.0.1:9"
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: work,
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    CDK_DISABLE_CLI_TELEMETRY: "true",
  }
  return new Promise((resolve) => {
    const command = [cdk, "synth", "--quiet", "--output", join(work, "out"), ...args]
    execFile(process.execPath, command, { cwd: folder, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })
}

it("cdk synth works without credentials and without a network", { timeout: 60_000 }, async () => {
  const [environment, { name, regions }] = first()
  const { code, output } = await synth("--context", `environment=${environment}`)
  expect(output).toContain("Successfully synthesized")
  expect(code).toBe(0)
  const files = await readdir(join(work, "out"))
  const inRegions = regions.flatMap(({ awsRegion }) => [`${awsRegion}-base`, `${awsRegion}-streamer`])
  expect(files).toEqual(
    expect.arrayContaining(
      ["secrets", "edge", ...inRegions].map((stack) => `${name}-${stack}.template.json`),
    ),
  )
  expect(files.filter((file) => file.startsWith("asset."))).toEqual([])
})

it("cdk synth of an unknown environment fails with those that exist", { timeout: 60_000 }, async () => {
  const { code, output } = await synth("--context", "environment=nowhere")
  expect(code).not.toBe(0)
  expect(output).toContain(
    `-c environment: "nowhere" is none; there are ${Object.keys(environments).join(", ")}`,
  )
})
