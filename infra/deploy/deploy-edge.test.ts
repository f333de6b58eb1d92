import { mkdtemp, readFile, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseEnv } from "node:util"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Cloudflare } from "./cloudflare.ts"
import { deployEdge } from "./deploy-edge.ts"
import type { SettingName } from "./deploy-settings.ts"
import type { RunProgram } from "./run-program.ts"
import { SettingsFile } from "./settings-file.ts"

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deploy-edge-test-"))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** A deployment with somebody at the terminal, to an account where everything is done as asked. */
function scene(answers: Partial<Record<SettingName, string>>) {
  const asked: SettingName[] = []
  const calls: (readonly string[])[] = []
  const run: RunProgram = async (_program, words) => {
    calls.push(words)
    const stdout = words[0] === "whoami" ? `{"loggedIn":true,"accounts":[{"id":"one"}]}` : "[]"
    return { code: 0, stdout, output: stdout }
  }
  const file = new SettingsFile(join(folder, "production.env"))
  const deploy = () =>
    deployEdge({
      ...{
        file,
        run,
        root: folder,
        accountId: undefined,
        makeSecret: () => "made-".repeat(8),
        say: () => undefined,
      },
      cloudflare: new Cloudflare(run, folder),
      ask: async (name) => {
        asked.push(name)
        return answers[name] ?? ""
      },
      health: {
        ...{ now: () => 0, wait: async () => undefined, deadlineMilliseconds: 0 },
        fetch: async () => Response.json({ status: "ok", channels: 0 }),
      },
    })
  return { deploy, asked, calls, file }
}

const answers = {
  BASE_URL: "https://tv.example/",
  UPSTASH_REDIS_REST_URL: "https://store.example",
  UPSTASH_REDIS_REST_TOKEN: "the-token",
}

describe("a first deployment", () => {
  it("asks for what only its owner knows, once, and keeps it where only they can read it", async () => {
    const { deploy, asked, file } = scene(answers)
    expect(await deploy()).toEqual({ ok: true, value: null })
    expect(asked).toEqual(["BASE_URL", "UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"])
    expect(await deploy()).toEqual({ ok: true, value: null })
    expect(asked).toHaveLength(3)
    expect(parseEnv(await readFile(file.path, "utf8"))).toMatchObject({
      ...answers,
      TRIBUTARY_SECRET: "made-".repeat(8),
    })
    expect((await stat(file.path)).mode & 0o777).toBe(0o600)
  })

  it("uploads nothing while an answer is missing", async () => {
    const { deploy, calls } = scene({ ...answers, UPSTASH_REDIS_REST_TOKEN: "" })
    expect(await deploy()).toMatchObject({ ok: false, problem: "UPSTASH_REDIS_REST_TOKEN is not set" })
    expect(calls.map(([word]) => word)).not.toContain("deploy")
  })
})

describe("the Worker's address", () => {
  it.each([
    ["https://tv.example", ["--domain", "tv.example"]],
    ["https://tributary-edge.ann.workers.dev", []],
  ])("%s", async (baseUrl, words) => {
    const { deploy, calls } = scene({ ...answers, BASE_URL: baseUrl })
    await deploy()
    const upload = calls.find(([word]) => word === "deploy") ?? []
    expect(upload.slice(upload.indexOf(`BASE_URL:${baseUrl}`) + 1)).toEqual(words)
  })
})
