import { createClient } from "@redis/client"
import { errors, Redis, type RedisConfigNodejs } from "@upstash/redis"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type GatewayFixture, startFixture, TOKEN } from "./gateway-fixture.ts"

let fixture: GatewayFixture

beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())
beforeEach(async () => {
  await client().flushall()
  fixture.gateway.resetStats()
})

/** As the tiers configure it: no deserialisation, no retries that would hide a failure. */
function client(config: Partial<RedisConfigNodejs> = {}): Redis {
  const { url } = fixture.gateway
  const defaults = { url, token: TOKEN, automaticDeserialization: false, enableTelemetry: false }
  return new Redis({ ...defaults, retry: false, ...config })
}

function loneClient(config: Partial<RedisConfigNodejs> = {}): Redis {
  return client({ enableAutoPipelining: false, ...config })
}

describe.each([
  { name: "base64 answers", responseEncoding: "base64" as const },
  { name: "plain answers", responseEncoding: false as const },
])("with $name", ({ responseEncoding }) => {
  const redis = () => loneClient({ responseEncoding })

  it.each([
    "plain",
    "007",
    "1e3",
    "",
    "OK",
    "T0s=",
    "null",
    '"quoted"\\',
    "Grüße, 日本語 🛰️ \u2028",
    "\u0000\u0001\u007f\r\n",
  ])("gives back the string %j unchanged", async (value) => {
    expect(await redis().set("key", value)).toBe("OK")
    expect(await redis().get("key")).toBe(value)
    expect(await redis().mget("key", "missing")).toEqual([value, null])
  })

  it("keeps unicode in keys, too", async () => {
    await redis().set("schlüssel 🗝", "1")
    expect(await redis().keys("*")).toEqual(["schlüssel 🗝"])
  })

  it("deserialises what was serialised when the client is asked to", async () => {
    const automatic = loneClient({ responseEncoding, automaticDeserialization: true })
    await automatic.set("object", { a: [1, "zwei", null], b: { c: true } })
    expect(await automatic.get("object")).toEqual({ a: [1, "zwei", null], b: { c: true } })
    expect(await redis().get("object")).toBe('{"a":[1,"zwei",null],"b":{"c":true}}')
  })

  it("accepts numbers and booleans as arguments", async () => {
    await redis().set("number", 12.5)
    await redis().set("boolean", false)
    expect(await redis().mget("number", "boolean")).toEqual(["12.5", "false"])
  })

  it("answers hashes as the client expects them", async () => {
    expect(await redis().hset("hash", { a: "1", b: "OK", c: "ü" })).toBe(3)
    const automatic = loneClient({ responseEncoding, automaticDeserialization: true })
    expect(await automatic.hgetall("missing")).toBe(null)
    expect(await automatic.hgetall("hash")).toEqual({ a: 1, b: "OK", c: "ü" })
    // Without deserialisation the client leaves the flat array as it comes.
    expect(await redis().hgetall("missing")).toEqual([])
    expect(await redis().hget("hash", "b")).toBe("OK")
    expect(await automatic.hmget("hash", "a", "none")).toEqual({ a: 1, none: null })
  })

  it("answers scores as the client expects them", async () => {
    await redis().zadd("set", { score: 1.5, member: "a" }, { score: 20, member: "b" })
    expect(await redis().zrange("set", 0, -1, { withScores: true })).toEqual(["a", "1.5", "b", "20"])
    expect(await redis().zrange("set", 2, "+inf", { byScore: true })).toEqual(["b"])
    const automatic = loneClient({ responseEncoding, automaticDeserialization: true })
    expect(await automatic.zscore("set", "a")).toBe(1.5)
  })

  it("answers nested arrays, nulls and statuses of a script", async () => {
    const script = "return {1, {ARGV[1], {false, 'x'}}, redis.status_reply('OK'), redis.call('GET', KEYS[1])}"
    expect(await redis().eval(script, ["missing"], ["ä"])).toEqual([1, ["ä", [null, "x"]], "OK", null])
    expect(await redis().eval("return {}", [], [])).toEqual([])
  })

  it("scans", async () => {
    const names = Array.from({ length: 50 }, (_, i) => `key:${i}`)
    await Promise.all(names.map((name) => redis().set(name, "1")))
    const found = new Set<string>()
    let cursor = "0"
    do {
      const [next, keys] = await redis().scan(cursor, { match: "key:*", count: 10 })
      cursor = next
      for (const key of keys) found.add(key)
    } while (cursor !== "0")
    expect(found).toEqual(new Set(names))
  })

  it("carries 10 MB there and back", async () => {
    const value = "0123456789abcdeü".repeat(640 * 1024)
    await redis().set("big", value)
    expect(await redis().strlen("big")).toBe(Buffer.byteLength(value))
    expect((await redis().get<string>("big")) === value).toBe(true)
  })
})

describe("scripts", () => {
  const source = "return {KEYS[1], ARGV[1], 7}"

  it("loads a script that Redis has forgotten", async () => {
    const script = loneClient().createScript<unknown[]>(source)
    expect(await script.exec(["k"], ["v"])).toEqual(["k", "v", 7])
    await loneClient().scriptFlush()
    fixture.gateway.resetStats()
    expect(await script.exec(["k"], ["v"])).toEqual(["k", "v", 7])
    expect(fixture.gateway.stats().byCommand).toEqual({ EVALSHA: 1, EVAL: 1 })
    expect(await script.exec(["k"], ["v"])).toEqual(["k", "v", 7])
    expect(fixture.gateway.stats().byCommand).toEqual({ EVALSHA: 2, EVAL: 1 })
  })

  it("reports NOSCRIPT and a script's own error", async () => {
    await expect(loneClient().evalsha("0".repeat(40), [], [])).rejects.toThrow(/^NOSCRIPT /)
    const failing = loneClient().eval("return redis.error_reply('MINE it failed')", [], [])
    await expect(failing).rejects.toThrow(/^MINE it failed/)
  })
})

describe("pipelines", () => {
  it("sends the commands of one tick as one request", async () => {
    const redis = client()
    const replies = await Promise.all(Array.from({ length: 40 }, () => redis.incr("counter")))
    expect(replies).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect(fixture.gateway.stats()).toEqual({ requests: 1, commands: 40, byCommand: { INCR: 40 } })
  })

  it("answers each command on its own when one in the middle fails", async () => {
    const pipeline = loneClient().pipeline()
    pipeline.set("text", "abc").incr("text").get("text").sadd("set", "x")
    const replies = await pipeline.exec({ keepErrors: true })
    expect(replies.map(({ error }) => error)).toEqual([
      undefined,
      "ERR value is not an integer or out of range",
      undefined,
      undefined,
    ])
    expect(replies.map(({ result }) => result)).toEqual(["OK", undefined, "abc", 1])
  })

  it("rejects with the failing command's place", async () => {
    const pipeline = loneClient().pipeline()
    pipeline.set("text", "abc").incr("text")
    await expect(pipeline.exec()).rejects.toThrow(/^Command 2 \[ incr \] failed: ERR value is not/)
  })

  it("answers 500 requests at once, each with its own reply", async () => {
    const redis = loneClient()
    const numbers = Array.from({ length: 500 }, (_, i) => i)
    await Promise.all(numbers.map((i) => redis.set(`key:${i}`, `value ${i}`)))
    const values = await Promise.all(numbers.map((i) => redis.get(`key:${i}`)))
    expect(values).toEqual(numbers.map((i) => `value ${i}`))
    expect(fixture.gateway.stats()).toEqual({
      requests: 1000,
      commands: 1000,
      byCommand: { SET: 500, GET: 500 },
    })
  })
})

describe("transactions", () => {
  it("executes all commands, and reports one that fails while executing", async () => {
    const multi = loneClient().multi()
    multi.set("text", "abc").incr("text").get("text")
    const replies = await multi.exec({ keepErrors: true })
    expect(replies.map(({ result }) => result)).toEqual(["OK", undefined, "abc"])
    expect(replies[1]?.error).toBe("ERR value is not an integer or out of range")
  })

  it("lets nothing between its commands: neither requests nor other connections", async () => {
    const other = createClient({ socket: { host: "127.0.0.1", port: fixture.redis().port } })
    await other.connect()
    const redis = loneClient()
    const done = new AbortController()
    let foreign = 0
    const writeDirectly = async () => {
      while (!done.signal.aborted) foreign = await other.incr("counter")
    }
    const writer = writeDirectly()
    const transactions = Array.from({ length: 100 }, async () => {
      const single = redis.incr("counter")
      const multi = redis.multi()
      multi.incr("counter").incr("counter").incr("counter").incr("counter")
      const replies = await multi.exec<number[]>()
      await single
      return replies
    })
    const results = await Promise.all(transactions)
    done.abort()
    await writer
    other.destroy()
    for (const [first = Number.NaN, ...rest] of results)
      expect(rest).toEqual([first + 1, first + 2, first + 3])
    expect(new Set(results.flat()).size).toBe(400)
    // The other connection did write meanwhile, or this would prove nothing.
    expect(foreign).toBeGreaterThan(500)
  })

  it("executes nothing when one command cannot be queued", async () => {
    const response = await fixture.fetch("/multi-exec", {
      method: "POST",
      body: JSON.stringify([
        ["SET", "a", "1"],
        ["SET", "a"],
        ["SET", "b", "1"],
      ]),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      error: "EXECABORT Transaction discarded because of: ERR wrong number of arguments for 'set' command",
    })
    expect(await loneClient().mget("a", "b")).toEqual([null, null])
    const multi = loneClient().multi()
    multi.set("a", "1").del()
    await expect(multi.exec()).rejects.toBeInstanceOf(errors.UpstashError)
    expect(await loneClient().get("a")).toBe(null)
  })
})

describe("failures", () => {
  it("surface as the client's own error with Redis's words", async () => {
    await loneClient().set("text", "abc")
    const failing = loneClient().lpush("text", "x")
    await expect(failing).rejects.toBeInstanceOf(errors.UpstashError)
    await expect(failing).rejects.toThrow(
      /^WRONGTYPE Operation against a key holding the wrong kind of value/,
    )
  })

  it("include a wrong token", async () => {
    const failing = loneClient({ token: "wrong" }).get("a")
    await expect(failing).rejects.toBeInstanceOf(errors.UpstashError)
    await expect(failing).rejects.toThrow(/^WRONGPASS invalid or missing auth token/)
    expect(fixture.gateway.stats()).toEqual({ requests: 0, commands: 0, byCommand: {} })
  })

  it("include an undefined value, which is never stored", async () => {
    await expect(loneClient().set("a", undefined)).rejects.toThrow(/^ERR null args are not supported/)
  })
})

describe("large integers", () => {
  it("are numbers in full on the wire, as Upstash sends them, and exact strings when stored", async () => {
    await loneClient().set("n", "9223372036854775806")
    const response = await fixture.fetch("/", { method: "POST", body: '["INCR","n"]' })
    expect(await response.text()).toBe('{"result":9223372036854775807}')
    expect(await loneClient().get("n")).toBe("9223372036854775807")
    expect(await loneClient({ automaticDeserialization: true }).get("n")).toBe("9223372036854775807")
    expect(await loneClient().decrby("n", 1)).toBeTypeOf("number")
    expect(await loneClient().incrby("negative", -5)).toBe(-5)
  })
})
