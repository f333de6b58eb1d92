import { afterEach, describe, expect, it } from "vitest"
import { log, startLog } from "./log.ts"

const quiet = { write: () => undefined, debug: false, obfuscate: true }

afterEach(() => startLog(quiet))

async function linesOf(options: { debug: boolean; obfuscate: boolean }): Promise<Record<string, unknown>[]> {
  const lines: string[] = []
  await startLog({ ...options, write: (line) => lines.push(line) })
  const logger = log("streamer", "pool")
  logger.debug("opening", { address: "http://u:p@h.example/x" })
  logger.warn("cannot reach {address}", {
    address: "http://u:p@h.example/x",
    detail: { cause: new Error("connect ECONNREFUSED 1.2.3.4:80") },
    tries: 3,
  })
  for (const line of lines) expect(line.endsWith("\n")).toBe(true)
  return lines.map((line) => JSON.parse(line))
}

describe("log", () => {
  it("writes JSON lines that name tier and stage, without addresses", async () => {
    const [line, ...more] = await linesOf({ debug: false, obfuscate: true })
    expect(more).toEqual([])
    expect(line).toMatchObject({
      logger: "tributary.streamer.pool",
      tries: 3,
      detail: { cause: "Error: connect ECONNREFUSED [address]" },
    })
    expect(line?.message).not.toContain("u:p")
    expect(line).toHaveProperty("@timestamp")
    expect(line?.level).toMatch(/^warn/i)
    expect(JSON.stringify(line)).not.toMatch(/h\.example|1\.2\.3\.4|u:p/)
  })

  it("writes addresses when the operator wants them, and details with DEBUG", async () => {
    const lines = await linesOf({ debug: true, obfuscate: false })
    expect(lines).toHaveLength(2)
    expect(lines[0]?.address).toBe("http://u:p@h.example/x")
  })
})
