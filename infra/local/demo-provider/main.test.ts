import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { getText } from "./client-for-tests.ts"
import { temporaryFolder } from "./loop-for-tests.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const children: ChildProcess[] = []
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL")
  await folder.remove()
})

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { ...process.env, DEMO_DATA_DIR: folder.path, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  children.push(child)
  const said = { out: "", err: "" }
  child.stdout.on("data", (text: Buffer) => {
    said.out += text
  })
  child.stderr.on("data", (text: Buffer) => {
    said.err += text
  })
  return { child, said, closed: once(child, "close") as Promise<[number | null, string | null]> }
}

it("says once that it is ready, names a port in use, and stops on SIGTERM with viewers", {
  timeout: 60_000,
}, async () => {
  const accounts = JSON.stringify([{ username: "ann", password: "p", maxConnections: 2 }])
  const { child, said, closed } = start({ DEMO_PORT: "0", DEMO_ACCOUNTS: accounts })
  await once(child.stdout as NodeJS.ReadableStream, "data")
  const { ready, url } = JSON.parse(said.out) as { ready: boolean; url: string }
  expect(ready).toBe(true)
  const login = JSON.parse((await getText(`${url}/player_api.php?username=ann&password=p`)).text)
  expect(login.user_info.max_connections).toBe("2")

  const port = new URL(url).port
  const second = start({ DEMO_PORT: port })
  const [code] = await second.closed
  expect([code === 0, second.said.out, second.said.err.trim().split("\n").length]).toEqual([false, "", 1])
  expect(second.said.err).toContain(port)

  const viewer = getText(`${url}/live/ann/p/101.ts`)
  const isPlaying = async () =>
    JSON.parse((await getText(`${url}/control/connections`)).text).open.length === 1
  while (!(await isPlaying()));
  const asked = performance.now()
  child.kill("SIGTERM")
  expect(await closed).toEqual([0, null])
  expect(performance.now() - asked).toBeLessThan(1000)
  await viewer
  expect(said.out.trim().split("\n").length).toBe(1)
})

it.each([
  [{ DEMO_PORT: "99999" }, "DEMO_PORT"],
  [{ DEMO_ACCOUNTS: "[" }, "DEMO_ACCOUNTS"],
  [{ DEMO_ACCOUNTS: '[{"username":"a"}]' }, "DEMO_ACCOUNTS"],
])("ends with one line for %j", async (environment, culprit) => {
  const { said, closed } = start(environment)
  expect((await closed)[0]).toBe(1)
  expect(said.err.trim().split("\n").length).toBe(1)
  expect(said.err).toContain(culprit)
})
