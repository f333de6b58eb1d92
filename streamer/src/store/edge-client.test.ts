import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EdgeClient, EdgeError } from "./edge-client.ts"

const keys = await deriveKeys("0123456789abcdef0123456789abcdef")
let answer: (request: IncomingMessage, response: ServerResponse) => void
const server = createServer((request, response) => answer(request, response))
let client: EdgeClient

beforeAll(async () => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  client = new EdgeClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}//`, keys)
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

describe("a streamer's calls to the edge", () => {
  it("show who calls, and name the object, whatever is in its name", async () => {
    const seen: [string | undefined, string | undefined, boolean][] = []
    answer = async (request, response) => {
      const isCall = await isTierCall(keys, "edge-internal", request.headers.authorization, Date.now() / 1000)
      seen.push([request.method, decodeURI(request.url ?? ""), isCall])
      response.end("{}")
    }
    await client.readObject("snapshots/1/m3u/groups/日本")
    await client.writeObject("catalogue/a.ndjson", "x")
    await client.deleteObject("catalogue/a.ndjson")
    await client.channel("a/b?")
    expect(seen).toEqual([
      ["GET", "/internal/objects/snapshots/1/m3u/groups/日本", true],
      ["PUT", "/internal/objects/catalogue/a.ndjson", true],
      ["DELETE", "/internal/objects/catalogue/a.ndjson", true],
      ["GET", "/internal/channels/a%2Fb%3F", true],
    ])
  })

  it("take a missing object for none, but not a missing place to write to", async () => {
    answer = (_request, response) => response.writeHead(404).end()
    expect(await client.readObject("current.json")).toBeNull()
    expect(await client.currentPointer()).toBeNull()
    expect(await client.channel("1")).toBeNull()
    await expect(client.writeObject("x", "y")).rejects.toThrow(EdgeError)
  })

  it("fail when the edge refuses, breaks or answers nonsense", async () => {
    for (const status of [401, 500, 302]) {
      answer = (_request, response) => response.writeHead(status).end("{}")
      await expect(client.readObject("a")).rejects.toThrow(`answered ${status}`)
    }
    answer = (request) => request.destroy()
    await expect(client.readObject("a")).rejects.toThrow()
    answer = (_request, response) => response.end('{"snapshot":1}')
    await expect(client.currentPointer()).rejects.toThrow()
  })
})
