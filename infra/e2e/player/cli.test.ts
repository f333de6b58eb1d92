import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { answerWith, startLoopback, whole } from "./test-support/loopback.ts"
import { makeStream } from "./test-support/make-stream.ts"

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url))
const stream = await makeStream("audio")
let server: Awaited<ReturnType<typeof startLoopback>>
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tributary-player-"))
  server = await startLoopback(
    new Map([
      ["/whole", whole(stream, { sizes: [4099] })],
      ["/full", answerWith(503, "application/json", "{}")],
    ]),
  )
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

async function runCli(...args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, ...args])
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ])
  return { stdout, stderr, code }
}

describe("the player's command", () => {
  it("prints one line of JSON, keeps the bytes, and sends the headers", async () => {
    const file = join(directory, "out.ts")
    const headers = ["--header", "X-One: a:b", "--header", "X-Two: c"]
    const { stdout, code } = await runCli(`${server.url}/whole`, "10", ...headers, "--file", file)
    expect(code).toBe(0)
    expect(stdout.trimEnd().split("\n")).toHaveLength(1)
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, bytes: stream.length, ended: "end" })
    expect(await readFile(file)).toEqual(stream)
    expect(server.seen.at(-1)?.headers).toMatchObject({ "x-one": "a:b", "x-two": "c" })
  })

  it("exits 1 without a stream", async () => {
    const { stdout, code } = await runCli(`${server.url}/full`, "10")
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ status: 503, ended: "status" })
  })

  it("reads no faster than --rate", async () => {
    const { stdout } = await runCli(`${server.url}/whole`, "1", "--rate", "10000")
    const { bytes, ended } = JSON.parse(stdout)
    expect(ended).toBe("time")
    expect(bytes).toBeGreaterThan(5000)
    expect(bytes).toBeLessThan(11_000)
  })

  it.each([[], ["no-address", "5"], ["http://127.0.0.1/", "soon"]])("exits 2 on %j %j", async (...args) => {
    const { stdout, stderr, code } = await runCli(...args)
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 })
    expect(stderr).toContain("URL SECONDS")
  })
})
