import { execFileSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseEnv } from "node:util"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { workerBindings } from "./edge/edge-settings.ts"

interface Service {
  image?: string
  build?: { context: string; dockerfile: string }
  ports?: string[]
  environment?: Record<string, string>
  networks?: string[]
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  restart?: string
  read_only?: boolean
  stop_grace_period?: string
}

interface Compose {
  services: Record<string, Service>
  networks: Record<string, unknown>
  volumes: Record<string, unknown>
}

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8")
const text = read("compose.yaml")
const { services, networks, volumes } = parse(text, { merge: true }) as Compose
const entries = Object.entries(services)
const variable = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g

/** Where the code of a service reads its environment. */
const readers: Record<string, ReadonlySet<string>> = {
  proxy: new Set([...read("Caddyfile").matchAll(/\{\$(\w+)\}/g)].map(([, name = ""]) => name)),
  gateway: new Set(read("../local/gateway/main.ts").match(variable)),
  edge: new Set([...workerBindings, ...(read("edge/edge-settings.ts").match(variable) ?? [])]),
  streamer: new Set([...(read("../../streamer/src/config.ts").match(variable) ?? []), "DEBUG"]),
}

describe("compose.yaml", () => {
  it("has a proxy that alone can be reached from outside", () => {
    expect(new Set(Object.keys(services))).toEqual(new Set(["edge", "gateway", "proxy", "redis", "streamer"]))
    const open = entries.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)
    expect(open).toEqual(["proxy"])
  })

  it("hides Redis from everybody but the gateway", () => {
    const near = entries.filter(([, service]) => service.networks?.includes("store")).map(([name]) => name)
    expect(new Set(near)).toEqual(new Set(["gateway", "redis"]))
    expect(networks.store).toEqual({ internal: true })
  })

  it.each(entries)("starts %s again, and lets it write to its volumes alone", (name, service) => {
    expect(service.restart).toBe("unless-stopped")
    // Caddy's image writes beside its volumes.
    if (name !== "proxy") expect(service.read_only).toBe(true)
    for (const volume of service.volumes ?? []) {
      const [source = ""] = volume.split(":")
      expect(source.startsWith("./") || source in volumes, volume).toBe(true)
    }
    for (const needed of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty(needed)
  })

  it.each(Object.entries(readers))("sets only what %s reads", (name, known) => {
    const set = Object.keys(services[name]?.environment ?? {})
    expect(set.filter((each) => !known.has(each))).toEqual([])
    expect(set).not.toEqual([])
  })

  it("keeps players within one scheme: the edge and the streamer have the same host, both with TLS", () => {
    const edge = services.edge?.environment?.BASE_URL
    const streamer = services.streamer?.environment?.STREAMER_ADDRESS
    expect(streamer).toBe(`${edge}:8443`)
    expect(edge).toMatch(/^https:/)
    expect(services.proxy?.ports).toContain("8443:8443")
  })

  it("gives the streamer time to hand its viewers over", () => {
    const seconds = Number(services.streamer?.environment?.DRAIN_SECONDS)
    expect(Number.parseInt(services.streamer?.stop_grace_period ?? "", 10)).toBeGreaterThan(seconds + 5)
  })
})

describe("make-env.sh", () => {
  let folder: string
  const make = (...words: string[]) =>
    execFileSync("sh", [join(folder, "make-env.sh"), ...words], { stdio: ["ignore", "pipe", "pipe"] })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "make-env-test-"))
    cpSync(fileURLToPath(new URL("make-env.sh", import.meta.url)), join(folder, "make-env.sh"))
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it("makes every variable that compose.yaml needs, for its owner's eyes", () => {
    make("tv.example.com")
    const made = parseEnv(readFileSync(join(folder, ".env"), "utf8"))
    const needed = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))
    expect(new Set(Object.keys(made))).toEqual(needed)
    expect(made.DOMAIN).toBe("tv.example.com")
    expect(made.TRIBUTARY_SECRET).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(Object.values(made)).size).toBe(Object.keys(made).length)
    expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600)
  })

  it("never changes a secret that is in force", () => {
    make("tv.example.com")
    const before = readFileSync(join(folder, ".env"), "utf8")
    make("tv.example.com")
    expect(readFileSync(join(folder, ".env"), "utf8")).toBe(before)
  })

  it("takes a domain, and no address", () => {
    for (const words of [[], ["localhost"], ["https://tv.example.com"], ["a.b", "c.d"]])
      expect(() => make(...words)).toThrow(/usage/)
  })
})
