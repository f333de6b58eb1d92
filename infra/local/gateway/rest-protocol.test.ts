import { once } from "node:events"
import { request } from "node:http"
import { connect } from "node:net"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type GatewayFixture, startFixture, TOKEN } from "./gateway-fixture.ts"

let fixture: GatewayFixture
const MAX_BODY_BYTES = 1024 * 1024

beforeAll(async () => {
  fixture = await startFixture({ maxBodyBytes: MAX_BODY_BYTES })
})
afterAll(() => fixture.close())
beforeEach(async () => {
  await fixture.fetch("/flushall")
  fixture.gateway.resetStats()
})

async function ask(path: string, init: RequestInit = {}): Promise<[number, unknown]> {
  const response = await fixture.fetch(path, init)
  expect(response.headers.get("content-type")).toBe("application/json")
  return [response.status, await response.json()]
}
const post = (path: string, body: unknown, headers = {}) =>
  ask(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers })

const WRONGPASS = { error: "WRONGPASS invalid or missing auth token" }

describe("the token", () => {
  it.each([
    ["is missing", {}, ""],
    ["is wrong", { authorization: "Bearer wrong-token" }, ""],
    ["has the right length but is wrong", { authorization: `Bearer ${TOKEN.replace("t", "x")}` }, ""],
    ["is of another scheme", { authorization: `Basic ${TOKEN}` }, ""],
    ["is empty", { authorization: "Bearer " }, ""],
    ["is wrong in the query", {}, "?_token=wrong"],
  ])("is refused when it %s", async (_, headers, query) => {
    for (const path of ["/", "/pipeline", "/multi-exec", "/get/a", "/stats", "/stats/reset"]) {
      const response = await fetch(fixture.gateway.url + path + query, {
        method: "POST",
        headers,
        body: "[]",
      })
      expect([response.status, await response.json()]).toEqual([401, WRONGPASS])
    }
  })

  it("may be in the query", async () => {
    const response = await fetch(`${fixture.gateway.url}/set/a/b?_token=${TOKEN}`)
    expect(await response.json()).toEqual({ result: "OK" })
    expect(await ask("/get/a")).toEqual([200, { result: "b" }])
  })

  it("may follow the scheme in any case", async () => {
    const headers = { authorization: `bearer ${TOKEN}` }
    expect((await fetch(`${fixture.gateway.url}/ping`, { headers })).status).toBe(200)
  })
})

describe("commands in the path", () => {
  it("decode their arguments", async () => {
    expect(await ask("/set/a%20key%2Fwith/v%C3%A4lue/EX/100")).toEqual([200, { result: "OK" }])
    expect(await post("/", ["GET", "a key/with"])).toEqual([200, { result: "välue" }])
    expect(await ask("/ttl/a%20key%2Fwith")).toEqual([200, { result: 100 }])
  })

  it("put the body after the path and the query after the body", async () => {
    expect(await post("/set/a?EX=100&NX", "the body")).toEqual([200, { result: "OK" }])
    expect(await ask("/mget/a")).toEqual([200, { result: ["the body"] }])
    expect(await ask("/ttl/a")).toEqual([200, { result: 100 }])
    expect(await post("/set/a?NX", "again")).toEqual([200, { result: null }])
  })

  it("carry any bytes in the body, and base64 brings them back", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    await ask("/set/bytes", { method: "POST", body: bytes })
    expect(await ask("/get/bytes", { headers: { "upstash-encoding": "base64" } })).toEqual([
      200,
      { result: Buffer.from(bytes).toString("base64") },
    ])
    const [, plain] = await ask("/getrange/bytes/127/128")
    expect(plain).toEqual({ result: "\u007f\ufffd" })
  })

  it("are refused when they are not UTF-8", async () => {
    expect(await ask("/get/%ff")).toEqual([400, { error: expect.stringMatching(/^ERR failed to parse/) }])
  })
})

describe("answers", () => {
  it("leave only OK as it is in base64", async () => {
    const headers = { "upstash-encoding": "base64" }
    expect(await post("/", ["SET", "a", "1"], headers)).toEqual([200, { result: "OK" }])
    expect(await post("/", ["PING"], headers)).toEqual([200, { result: "UE9ORw==" }])
    const replies = await post("/pipeline", [["PING"], ["SET", "b", "ü"], ["MGET", "a", "b", "c"]], headers)
    expect(replies).toEqual([
      200,
      [{ result: "UE9ORw==" }, { result: "OK" }, { result: ["MQ==", "w7w=", null] }],
    ])
  })

  it("are 400 for a command's error, but 200 for a pipeline with one", async () => {
    const error = "ERR wrong number of arguments for 'get' command"
    expect(await post("/", ["GET"])).toEqual([400, { error }])
    expect(await post("/pipeline", [["GET"], ["PING"]])).toEqual([200, [{ error }, { result: "PONG" }]])
  })

  it("show an error within a script's array as its text", async () => {
    const script = "return {1, redis.error_reply('MINE inner')}"
    expect(await post("/", ["EVAL", script, 0])).toEqual([200, { result: [1, "MINE inner"] }])
  })
})

describe("malformed requests", () => {
  it.each([
    ["/", "{not json"],
    ["/", ""],
    ["/", "[]"],
    ["/", "{}"],
    ["/", "null"],
    ["/", '[["SET","a","1"]]'],
    ["/", '["SET","a",null]'],
    ["/pipeline", "[]"],
    ["/pipeline", '{"a":1}'],
    ["/pipeline", "[1,2"],
    ["/multi-exec", "[]"],
    ["/multi-exec", "7"],
    ["/multi-exec", '[["SET","a","1"],["SET","b",null]]'],
  ])("%s with %s are answered 400 and change nothing", async (path, body) => {
    expect(await post(path, body)).toEqual([400, { error: expect.stringMatching(/^ERR /) }])
    expect(await ask("/dbsize")).toEqual([200, { result: 0 }])
  })

  it("answer 405 for other methods", async () => {
    expect((await ask("/get/a", { method: "DELETE" }))[0]).toBe(405)
  })

  it("survive a client that leaves in the middle of its body", async () => {
    const { hostname, port } = new URL(fixture.gateway.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 99\r\n\r\n["SET","half"`,
    )
    await new Promise((resolve) => socket.once("connect", resolve))
    await expect.poll(() => fixture.gateway.stats().requests).toBe(1)
    socket.destroy()
    expect(await ask("/exists/half")).toEqual([200, { result: 0 }])
  })
})

describe("commands that the shared connection cannot serve", () => {
  const refused = [
    ["SUBSCRIBE", "a"],
    ["monitor"],
    ["BLPOP", "a", 0],
    ["Select", 1],
    ["AUTH", "x"],
    ["CLIENT", "REPLY", "OFF"],
    ["MULTI"],
    ["EXEC"],
    ["WATCH", "a"],
    ["HELLO", 3],
    ["QUIT"],
    ["SHUTDOWN", "NOSAVE"],
    ["CONFIG", "SET", "appendonly", "no"],
    ["SCRIPT", "debug", "YES"],
    ["XREAD", "block", 0, "STREAMS", "a", "$"],
  ]

  it.each(refused)("refuses %s", async (...command) => {
    const error = expect.stringMatching(/^ERR Command is not available: '/)
    expect(await post("/", command)).toEqual([400, { error }])
    const mixed = [["SET", "a", "1"], command, ["GET", "a"]]
    expect(await post("/pipeline", mixed)).toEqual([200, [{ result: "OK" }, { error }, { result: "1" }]])
    expect(await post("/multi-exec", [["SET", "b", "1"], command])).toEqual([400, { error }])
    expect(await ask("/exists/b")).toEqual([200, { result: 0 }])
  })

  it("leaves keys with such names alone", async () => {
    await post("/", ["XADD", "block", "1-1", "f", "v"])
    const [status] = await post("/", ["XREAD", "COUNT", 1, "STREAMS", "block", "0"])
    expect(status).toBe(200)
  })
})

describe("large bodies", () => {
  const tooLarge = { error: `ERR max request size exceeded: the limit is ${MAX_BODY_BYTES} bytes` }

  it("are answered 413 when their declared length exceeds the limit", async () => {
    expect(await post("/", ["SET", "a", "x".repeat(MAX_BODY_BYTES)])).toEqual([413, tooLarge])
    expect(await ask("/exists/a")).toEqual([200, { result: 0 }])
  })

  it("are answered 413 before they are sent", async () => {
    const { hostname, port } = new URL(fixture.gateway.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 9999999999\r\n\r\n`,
    )
    const [head] = (await once(socket, "data")) as [Buffer]
    socket.destroy()
    expect(head.toString()).toMatch(/^HTTP\/1\.1 413 /)
  })

  it("are answered 413 when they turn out too large while they arrive", async () => {
    const { hostname, port } = new URL(fixture.gateway.url)
    const answer = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const headers = { authorization: `Bearer ${TOKEN}` }
      const sent = request({ hostname, port, method: "POST", path: "/set/a", headers }, (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk
        })
        response.on("end", () => resolve([response.statusCode, text]))
      })
      sent.on("error", reject)
      // No length is declared, so Node sends it in chunks.
      for (let i = 0; i < 4; i++) sent.write("x".repeat(MAX_BODY_BYTES / 2))
      sent.end()
    })
    expect(answer).toEqual([413, JSON.stringify(tooLarge)])
  })

  it("are accepted up to the limit", async () => {
    const frame = JSON.stringify(["SET", "a", ""]).length
    expect(await post("/", ["SET", "a", "x".repeat(MAX_BODY_BYTES - frame)])).toEqual([200, { result: "OK" }])
  })
})

describe("/stats", () => {
  it("counts requests and commands, and can be reset", async () => {
    await post("/", ["set", "a", 1])
    await post("/pipeline", [["GET", "a"], ["get", "a"], ["MONITOR"]])
    await post("/multi-exec", [
      ["INCR", "a"],
      ["GET", "a"],
    ])
    await ask("/get/a")
    const stats = { requests: 4, commands: 6, byCommand: { SET: 1, GET: 4, INCR: 1 } }
    expect(await ask("/stats")).toEqual([200, stats])
    expect(fixture.gateway.stats()).toEqual(stats)
    expect(await post("/stats/reset", "")).toEqual([200, { result: "OK" }])
    expect(await ask("/stats")).toEqual([200, { requests: 0, commands: 0, byCommand: {} }])
  })
})
