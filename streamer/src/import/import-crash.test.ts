import { primaryProfileId } from "@tributary/shared/config/config-file"
import { settingsSchema } from "@tributary/shared/config/settings"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { OpenSource } from "../upstream/open-feed.ts"
import { importSource } from "./import-source.ts"
import { startListServer } from "./importer-fixture.ts"
import { readable } from "./publish/test-catalogue.ts"
import { TestEdge } from "./publish/test-edge.ts"

const settings = settingsSchema.parse({})
let server: Awaited<ReturnType<typeof startListServer>>
let list = ""

beforeAll(async () => {
  server = await startListServer((_request, response) => response.end(list))
})
afterAll(() => server?.close())

const listOf = (...names: string[]) =>
  `#EXTM3U\n${names.map((name) => `#EXTINF:-1 group-title="G ${name}",${name}\nhttp://feeds.test/${name}\n`).join("")}`

const source = (): OpenSource => ({
  record: {
    ...{ id: "a", type: "m3u", order: 1, enabled: true, live: true, vod: true, series: true },
    ...{ origin: "api", sealed: "" },
    profiles: [
      {
        ...{ id: primaryProfileId, name: "Primary", primary: true, maxStreams: null, priority: 0 },
        ...{ enabled: true, hasLogin: false, ownServer: false },
      },
    ],
  },
  secret: { url: `${server.url}/list.m3u`, logins: {} },
})

/** One import and what follows it, at a time (Unix seconds) that names its objects. */
async function run(edge: TestEdge, at: number): Promise<void> {
  await importSource({
    ...{ id: "a", source: source(), settings, edge: edge.client, acceptShrunken: false },
    ...{ onProgress: () => undefined, mayWrite: async () => true },
    ...{ generation: `g${at}`, now: at * 1000 },
  })
  await edge.publishAll(["a"], { now: at * 1000 })
}

/** What viewers see: the playlist, each group's, and what the index has for each channel of it. */
async function seen(edge: TestEdge) {
  const manifest = await edge.current()
  const { live } = manifest.sections
  const names = (template: string) =>
    [...readable(template).matchAll(/,(.+)<properties>\n/g)].map(([, name]) => name ?? "")
  const [, ...addresses] = edge.text(manifest, live.playlist).split("\u0001")
  const ids = addresses.map((text) => /^\d+/.exec(text)?.[0] ?? "")
  return {
    all: names(edge.text(manifest, live.playlist)),
    groups: live.groups.flatMap(({ playlist }) => names(edge.text(manifest, playlist))),
    indexed: ids.map((id) => edge.channel(manifest, id)?.name),
  }
}

describe("an import that crashes", () => {
  it("between any two steps leaves the old snapshot or the new one whole, and the next import goes on", async () => {
    const before = ["A", "B", "C"]
    const after = ["B", "C", "D", "E"]
    let outcomes = { before: 0, after: 0 }
    for (let crashAt = 1; ; crashAt++) {
      const edge = new TestEdge()
      list = listOf(...before)
      await run(edge, 1_700_000_000)
      list = listOf(...after)
      let steps = 0
      edge.onChange = (what) => {
        if (++steps === crashAt) throw new Error(`crash at ${what}`)
      }
      const crashed = await run(edge, 1_700_000_100).then(
        () => false,
        () => true,
      )
      edge.onChange = () => undefined
      const { all, groups, indexed } = await seen(edge)
      const isNew = all.includes("D")
      expect(all).toEqual(isNew ? after : before)
      expect([groups, indexed]).toEqual([all, all])
      outcomes = { ...outcomes, [isNew ? "after" : "before"]: outcomes[isNew ? "after" : "before"] + 1 }

      await run(edge, 1_700_000_200)
      expect((await seen(edge)).all).toEqual(after)
      if (!crashed) break
    }
    // Both kinds of crash were there: before the flip, and after it.
    expect(outcomes.before).toBeGreaterThan(4)
    expect(outcomes.after).toBeGreaterThan(1)
  })

  it("leaves nothing behind that the imports after it do not remove", async () => {
    const edge = new TestEdge()
    list = listOf("A", "B")
    await run(edge, 1_700_000_000)
    let left = 0
    edge.onChange = (what) => {
      if (what.startsWith("PUT catalogue/a.json")) throw new Error("crash")
    }
    list = listOf("A", "B", "C")
    await expect(run(edge, 1_700_000_100)).rejects.toThrow("crash")
    edge.onChange = () => undefined
    for (let at = 2; at < 5; at++) {
      list = listOf("A", "B", "C", `${at}`)
      await run(edge, 1_700_000_000 + at * 100)
      left = (await edge.listObjects("catalogue/a/")).length
    }
    // This one's part, and that of the one before: a publication may be reading it.
    expect(left).toBe(2)
  })
})
