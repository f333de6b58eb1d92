import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** What the stand-in for wrangler finds at Cloudflare. */
export interface FakeAccount {
  loggedIn: boolean
  accounts: { id: string }[]
  worker: boolean
  secrets: Record<string, string>
  bucket: "there" | "missing" | "off"
  refusesUploads: boolean
}

export const emptyAccount: FakeAccount = {
  loggedIn: true,
  accounts: [{ id: "one" }],
  worker: false,
  secrets: {},
  bucket: "missing",
  refusesUploads: false,
}

export interface DeployFixture {
  /** Of the server that stands for the deployed edge. */
  baseUrl: string
  settingsPath: string
  /** What `/health` answers from now on. */
  answer: (status: number, body: string) => void
  account: () => Promise<FakeAccount>
  /** The calls of wrangler and turbo since the last deployment began. */
  calls: () => Promise<string[][]>
  /** Runs deploy.ts without a terminal. */
  deploy: () => Promise<{ code: number | null; output: string }>
  close: () => Promise<void>
}

const deployProgram = fileURLToPath(new URL("deploy.ts", import.meta.url))
const fakeWrangler = fileURLToPath(new URL("fake-wrangler.ts", import.meta.url))

/** A Cloudflare account and an edge on loopback, and a settings file. */
export async function startDeployFixture(
  account: Partial<FakeAccount>,
  settings: Record<string, string>,
): Promise<DeployFixture> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-test-"))
  let health = { status: 200, body: `{"status":"ok","channels":3}` }
  const server = createServer((_request, response) => {
    response.writeHead(health.status, { "content-type": "application/json" }).end(health.body)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settingsPath = join(folder, "production.env")
  const lines = Object.entries({ BASE_URL: baseUrl, ...settings }).map(
    ([name, value]) => `${name}='${value}'\n`,
  )
  await writeFile(settingsPath, lines.join(""), { mode: 0o600 })
  await writeFile(join(folder, "account.json"), JSON.stringify({ ...emptyAccount, ...account }))
  await mkdir(join(folder, "bin"))
  await putProgram(
    join(folder, "bin/wrangler"),
    `exec "${process.execPath}" --no-warnings "${fakeWrangler}" "$@"`,
  )
  await putProgram(join(folder, "bin/turbo"), `echo '["turbo"]' >> "${folder}/calls"`)
  return {
    baseUrl,
    settingsPath,
    answer: (status, body) => {
      health = { status, body }
    },
    account: async () => JSON.parse(await readFile(join(folder, "account.json"), "utf8")) as FakeAccount,
    calls: async () => {
      const text = await readFile(join(folder, "calls"), "utf8").catch(() => "")
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as string[])
    },
    deploy: async () => {
      await rm(join(folder, "calls"), { force: true })
      const child = spawn(process.execPath, ["--no-warnings", deployProgram, settingsPath], {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: `${join(folder, "bin")}:${process.env.PATH}`,
          FAKE_CLOUDFLARE: folder,
          DEPLOY_HEALTH_SECONDS: "0",
        },
      })
      let output = ""
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text
        })
      const [code] = (await once(child, "close")) as [number | null]
      return { code, output }
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function putProgram(path: string, line: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${line}\n`)
  await chmod(path, 0o755)
}
