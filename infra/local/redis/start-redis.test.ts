import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@redis/client"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { probeRedis } from "./probe-redis.ts"
import { type RedisServer, RedisStartError, startRedis } from "./start-redis.ts"

let directory: string
const servers: RedisServer[] = []

async function start(options: Partial<Parameters<typeof startRedis>[0]> = {}): Promise<RedisServer> {
  const server = await startRedis({ port: 0, dataDir: join(directory, "data"), ...options })
  servers.push(server)
  return server
}

async function withClient<T>(
  port: number,
  use: (send: (...args: string[]) => Promise<unknown>) => Promise<T>,
) {
  const client = createClient({ RESP: 2, socket: { host: "127.0.0.1", port, reconnectStrategy: false } })
  client.on("error", () => undefined)
  await client.connect()
  try {
    return await use((...args) => client.sendCommand(args))
  } finally {
    client.destroy()
  }
}

const failure = (promise: Promise<unknown>): Promise<RedisStartError> =>
  promise.then(
    () => expect.fail("it started"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(RedisStartError)
      return error as RedisStartError
    },
  )

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "redis-test-"))
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.destroy()
  await rm(directory, { recursive: true, force: true })
})

describe("startRedis", () => {
  it("serves commands when it resolves, with the settings that keep data", async () => {
    const { port, pid } = await start()
    expect(await probeRedis("127.0.0.1", port, 1000)).toEqual({ kind: "answers", pid, ready: true })
    const settings = await withClient(port, (send) =>
      send(
        "CONFIG",
        "GET",
        "appendonly",
        "appendfsync",
        "save",
        "maxmemory-policy",
        "bind",
        "protected-mode",
      ),
    )
    const pairs = settings as string[]
    const config = Object.fromEntries(pairs.flatMap((key, i) => (i % 2 === 0 ? [[key, pairs[i + 1]]] : [])))
    expect(config).toEqual({
      appendonly: "yes",
      appendfsync: "everysec",
      save: "",
      "maxmemory-policy": "noeviction",
      bind: "127.0.0.1",
      "protected-mode": "yes",
    })
  })

  it("keeps data over an orderly end and over SIGKILL", async () => {
    const first = await start()
    await withClient(first.port, (send) => send("SET", "a", "1"))
    await first.close()
    expect(await first.exited).toMatchObject({ code: 0, signal: null, expected: true })

    const second = await start()
    await withClient(second.port, (send) => send("SET", "b", "2"))
    process.kill(second.pid, "SIGKILL")
    expect(await second.exited).toMatchObject({ code: null, signal: "SIGKILL", expected: false })

    const third = await start()
    expect(await withClient(third.port, (send) => send("MGET", "a", "b"))).toEqual(["1", "2"])
  })

  it("leaves no process after close, however often it is called", async () => {
    const server = await start()
    await Promise.all([server.close(), server.close(), server.destroy()])
    await server.close()
    expect(() => process.kill(server.pid, 0)).toThrow("ESRCH")
    expect(await probeRedis("127.0.0.1", server.port, 1000)).toEqual({ kind: "silent" })
  })

  it("kills a server that does not end in time", async () => {
    const server = await start({ closeDeadlineMs: 50 })
    process.kill(server.pid, "SIGSTOP")
    await server.close()
    expect(await server.exited).toMatchObject({ signal: "SIGKILL", expected: true })
  })

  it("names a missing program", async () => {
    const error = await failure(start({ program: "no-such-redis" }))
    expect(error.code).toBe("program_missing")
    expect(error.message).toBe('redis: program "no-such-redis" is not installed')
  })

  it("names a port in use", async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve))
    const { port } = holder.address() as { port: number }
    const error = await failure(start({ port }))
    await new Promise((resolve) => holder.close(resolve))
    expect(error.code).toBe("port_in_use")
    expect(error.message).toBe(`redis: port ${port} is in use`)
  })

  it("names a data directory it cannot write to", async () => {
    const file = join(directory, "file")
    await writeFile(file, "")
    const error = await failure(start({ dataDir: join(file, "data") }))
    expect(error.code).toBe("data_dir_unusable")
    expect(error.message).toBe(`redis: data directory ${join(file, "data")} is not writable (ENOTDIR)`)
  })

  it("reports what redis-server said when it gives up", async () => {
    const server = await start()
    await withClient(server.port, (send) => send("SET", "a", "1"))
    await server.close()
    const manifest = join(server.dataDir, "appendonlydir", "appendonly.aof.manifest")
    await writeFile(manifest, "damaged\n")
    const error = await failure(start())
    expect(error.code).toBe("exited")
    expect(error.message).toMatch(/^redis: redis-server ended with code 1: .+$/)
    expect(error.tail).toContain("manifest")
  })
})
