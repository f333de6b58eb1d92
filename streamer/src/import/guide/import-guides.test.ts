import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { objects } from "@tributary/shared/store/keys"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ImportError } from "../import-error.ts"
import { at, channel, importTexts, MemoryStore, now, programme, seconds, xmltv } from "./guide-fixture.ts"
import { loadGuides } from "./load-guides.ts"
import { descriptionOf, recordBytes, startOf, stopOf, titleOf } from "./record.ts"
import { readStoredGuides } from "./stored-guides.ts"
import { StoredProgrammes } from "./stored-programmes.ts"

fc.configureGlobal({ seed: 20_261_121 })

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guide-test-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** All that is stored of an owner's guides: per guide, per channel, `start stop title` in minutes from now. */
async function stored(store: MemoryStore, owner: string | null = null): Promise<Record<string, string[]>[]> {
  const guides = await loadGuides(store, [owner])
  const all = new Set(guides.channels.keys())
  const programmes = await StoredProgrammes.open(store, guides, all, folder)
  try {
    return guides.guides.map((_, guide) =>
      Object.fromEntries(
        [...all]
          .filter((number) => guides.channels[number]?.guide === guide)
          .map((number) => [
            guides.channels[number]?.id,
            listed(programmes.read([number])[0] ?? Buffer.alloc(0)),
          ]),
      ),
    )
  } finally {
    programmes.close()
  }
}

function listed(records: Buffer): string[] {
  const all: string[] = []
  const minutes = (unixSeconds: number) => (unixSeconds - seconds(0)) / 60
  for (let place = 0; place < records.length; place += recordBytes(records, place))
    all.push(
      `${minutes(startOf(records, place))} ${minutes(stopOf(records, place))} ${titleOf(records, place)}${descriptionOf(records, place)}`,
    )
  return all
}

const day = 24 * 60

describe("importing a guide", () => {
  it("stores programmes by channel, in the order of their starts", async () => {
    const store = new MemoryStore()
    const text = xmltv(
      programme("b", 60, "B2") + programme("a", 0, "A1") + programme("b", 0, "B1", 60, "<desc>!</desc>"),
    )
    const imported = await importTexts(store, { x: text }, { temporaryFolder: folder })
    expect(imported).toEqual({ guides: [{ channels: 2, programmes: 3 }], problems: [] })
    expect(await stored(store)).toEqual([{ a: ["0 60 A1"], b: ["0 60 B1!", "60 120 B2"] }])
  })

  it("drops exact duplicates, and nothing else that shares a time", async () => {
    const store = new MemoryStore()
    const twice = programme("a", 0, "A") + programme("a", 0, "B") + programme("a", 0, "A", 30)
    await importTexts(store, { x: xmltv(twice + twice) })
    expect(await stored(store)).toEqual([{ a: ["0 30 A", "0 60 A", "0 60 B"] }])
  })

  it("lets a programme without a stop last until the next one, an hour at the end, a day at most", async () => {
    const open = (start: number, title: string, stop = "") =>
      `<programme start="${at(start)}" ${stop} channel="a"><title>${title}</title></programme>`
    const store = new MemoryStore()
    const text =
      open(0, "A") + open(30, "B", `stop="${at(20)}"`) + open(30, "C") + open(5000, "D") + open(-60, "Z")
    await importTexts(store, { x: xmltv(text) })
    expect(await stored(store)).toEqual([
      { a: ["-60 0 Z", "0 30 A", `30 ${30 + day} C`, `30 ${30 + day} B`, "5000 5060 D"].toSorted(byStart) },
    ])
  })

  it("keeps a week of the past, for catch-up, and three weeks ahead", async () => {
    const store = new MemoryStore()
    // From the beginning of the day, which was 12 hours ago.
    const from = -12 * 60 - 7 * day
    const to = -12 * 60 + 21 * day
    const kept = programme("a", from - 30, "P") + programme("a", to - 1, "F")
    const dropped =
      programme("a", from - 60, "old") + programme("a", to, "far") + programme("b", 9 * 366 * day, "year")
    await importTexts(store, { x: xmltv(kept + dropped) })
    expect(await stored(store)).toEqual([{ a: [`${from - 30} ${from + 30} P`, `${to - 1} ${to + 59} F`] }])
  })

  it("drops what was over by then although its stop is not told, and bears stops of any year", async () => {
    const store = new MemoryStore()
    const from = -12 * 60 - 7 * day
    const open = (id: string, start: number) =>
      `<programme start="${at(start)}" channel="${id}"><title>O</title></programme>`
    const endless = `<programme start="${at(0)}" stop="99991231235959" channel="a"><title>E</title></programme>`
    await importTexts(store, {
      x: xmltv(open("a", from - 120) + open("a", from - 60) + programme("a", from, "P") + endless),
    })
    const [{ a = [] } = {}] = await stored(store)
    expect(a).toEqual([`${from} ${from + 60} P`, expect.stringMatching(/^0 \d+.* E$/)])
  })

  it("leaves out a programme whose time cannot be read, and says so", async () => {
    const store = new MemoryStore()
    const text = `<programme start="soon" channel="a"><title>X</title></programme>${programme("a", 0, "A")}`
    const { problems } = await importTexts(store, { x: xmltv(text) })
    expect(problems).toEqual([expect.stringMatching(/guide 1: 1 programme/)])
    expect(await stored(store)).toEqual([{ a: ["0 60 A"] }])
  })

  it("is right about more than fits into one bucket's buffer, or one part", async () => {
    const store = new MemoryStore()
    const description = `<desc>${"x".repeat(3000)}</desc>`
    let text = ""
    for (let number = 0; number < 3000; number++)
      text += programme(
        `c${(number * 7) % 300}`,
        Math.floor(number / 300) * 60,
        `T${number}`,
        60,
        description,
      )
    const imported = await importTexts(store, { x: xmltv(text) }, { temporaryFolder: folder })
    expect(imported.guides).toEqual([{ channels: 300, programmes: 3000 }])
    expect((await readStoredGuides(store, null)).guides[0]?.parts.length).toBeGreaterThan(1)
    const [guide = {}] = await stored(store)
    // What a sort in memory gives.
    for (let number = 0; number < 300; number++) {
      const id = `c${(number * 7) % 300}`
      const expected = Array.from(
        { length: 10 },
        (_, round) => `${round * 60} ${round * 60 + 60} T${round * 300 + number}`,
      )
      expect(guide[id]?.map((line) => line.replace(/x+$/, ""))).toEqual(expected)
    }
  })

  it("sorts, drops duplicates and fills in stops as one would in memory", async () => {
    const start = fc.integer({ min: -50, max: 50 })
    const entry = fc.record({
      id: fc.constantFrom("a", "b", "ä & c"),
      start,
      minutes: fc.integer({ min: 0, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 60 }), async (entries) => {
        const store = new MemoryStore()
        const text = entries
          .map((e) => programme(e.id.replace("&", "&amp;"), e.start, "T", e.minutes))
          .join("")
        await importTexts(store, { x: xmltv(text) }, { temporaryFolder: folder })
        const expected: Record<string, string[]> = {}
        for (const id of new Set(entries.map((e) => e.id))) {
          const own = entries.filter((e) => e.id === id)
          const unique = own.filter(
            (e, at) => own.findIndex((o) => o.start === e.start && o.minutes === e.minutes) === at,
          )
          expected[id] = unique
            .toSorted((x, y) => x.start - y.start || x.minutes - y.minutes)
            .map((e) => {
              const later = own.map((o) => o.start).filter((other) => other > e.start)
              const next = later.length === 0 ? e.start + 60 : Math.min(...later)
              return `${e.start} ${e.minutes > 0 ? e.start + e.minutes : next} T`
            })
        }
        expect((await stored(store))[0]).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })

  it("reads the encoding that the guide declares", async () => {
    const store = new MemoryStore()
    const [before = "", after = ""] = programme("a", 0, "|").split("|")
    const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
    const head = Buffer.from('<?xml version="1.0" encoding="windows-1251"?><tv>')
    await importTexts(store, {
      x: Buffer.concat([head, Buffer.from(before), cyrillic, Buffer.from(`${after}</tv>`)]),
    })
    expect(await stored(store)).toEqual([{ a: ["0 60 Привет"] }])
  })

  it("reads UTF-16", async () => {
    const store = new MemoryStore()
    await importTexts(store, { x: Buffer.from(`\ufeff${xmltv(programme("ä", 0, "Größe"))}`, "utf16le") })
    expect(await stored(store)).toEqual([{ ä: ["0 60 Größe"] }])
  })

  it("leaves no temporary file, whatever happens, even if the thread is ended in the middle", async () => {
    const inTheMiddle: string[][] = []
    const options = { temporaryFolder: folder, onProgress: () => void inTheMiddle.push(readdirSync(folder)) }
    await importTexts(new MemoryStore(), { x: xmltv(programme("a", 0, "A")) }, options)
    await importTexts(new MemoryStore(), { x: "rubbish" }, options).catch(() => undefined)
    const store = new MemoryStore()
    store.beforeStep = () => {
      throw new Error("away")
    }
    await importTexts(store, { x: xmltv(programme("a", 0, "A")) }, options).catch(() => undefined)
    expect(readdirSync(folder)).toEqual([])
    expect(inTheMiddle.length).toBeGreaterThan(0)
    expect(inTheMiddle.flat()).toEqual([])
  })

  it("says when temporary files cannot be written", async () => {
    const options = { temporaryFolder: join(folder, "missing") }
    const failing = importTexts(new MemoryStore(), { x: xmltv(programme("a", 0, "A")) }, options)
    await expect(failing).rejects.toMatchObject({
      message: expect.stringMatching(/temporary files \(ENOENT\)/),
    })
    await expect(failing).rejects.toBeInstanceOf(ImportError)
  })

  it("has the same digest for the same guide, whatever the order of its programmes", async () => {
    const digestOf = async (text: string) => {
      const store = new MemoryStore()
      await importTexts(store, { x: xmltv(text) })
      return (await loadGuides(store, [null])).digest
    }
    const [one, two] = [programme("a", 0, "A") + programme("a", 60, "B"), channel("a", "A")]
    expect(await digestOf(one + two)).toBe(await digestOf(two + one))
    expect(await digestOf(one)).not.toBe(await digestOf(one + two))
    expect(await digestOf(one)).not.toBe(await digestOf(one.replace("B", "C")))
  })

  it.each([
    ["a web page", "<!DOCTYPE html><html><body>Login</body></html>", /a web page/],
    ["JSON", '\ufeff {"error": 1}', /JSON/],
    ["a playlist", "#EXTM3U\n", /a playlist/],
    ["other XML", '<?xml version="1.0"?><rss></rss>', /another kind of XML/],
    ["text", "no such file", /plain text/],
    ["nothing", "", /is empty/],
    ["a guide without programmes", xmltv(channel("a", "A")), /has no programmes/],
    ["a guide of last year", xmltv(programme("a", -365 * day, "Old")), /are over/],
  ])("says what came: %s", async (_, text, message) => {
    const failing = importTexts(new MemoryStore(), { "http://secret.example/": text })
    await expect(failing).rejects.toBeInstanceOf(ImportError)
    await expect(failing).rejects.toMatchObject({ message: expect.stringMatching(message) })
    await expect(failing).rejects.not.toMatchObject({ message: expect.stringContaining("secret.example") })
  })
})

function byStart(a: string, b: string): number {
  return Number(a.split(" ")[0]) - Number(b.split(" ")[0]) || (a < b ? -1 : 1)
}

describe("an owner's guides", () => {
  const a = xmltv(programme("a", 0, "A"))
  const b = xmltv(programme("b", 0, "B"))
  const failure = new ImportError("http_status", "the provider answered 404")

  it("are kept apart from another owner's", async () => {
    const store = new MemoryStore()
    await importTexts(store, { a })
    await importTexts(store, { b }, { owner: "acme" })
    expect(await stored(store)).toEqual([{ a: ["0 60 A"] }])
    expect(await stored(store, "acme")).toEqual([{ b: ["0 60 B"] }])
  })

  it("keep the last good one of an address that fails, also when the addresses change places", async () => {
    const store = new MemoryStore()
    await importTexts(store, { a, b })
    const { guides, problems } = await importTexts(store, { b: b.replace("B", "B2"), a: failure })
    expect(problems).toEqual(["guide 2: the provider answered 404"])
    expect(guides).toHaveLength(2)
    expect(await stored(store)).toEqual([{ b: ["0 60 B2"] }, { a: ["0 60 A"] }])
  })

  it("fail only when all fail, and stay as they were", async () => {
    const store = new MemoryStore()
    await importTexts(store, { a, b })
    const failing = importTexts(store, { a: failure, b: "{}" })
    await expect(failing).rejects.toMatchObject({
      code: "http_status",
      message: expect.stringMatching(/404.*JSON/),
    })
    expect(await stored(store)).toEqual([{ a: ["0 60 A"] }, { b: ["0 60 B"] }])
  })

  it("go when their address goes, all of them when there is none", async () => {
    const store = new MemoryStore()
    await importTexts(store, { a, b })
    await importTexts(store, { b })
    expect(await stored(store)).toEqual([{ b: ["0 60 B"] }])
    await importTexts(store, {})
    expect(await stored(store)).toEqual([])
  })

  it("are fetched once when an address is given twice", async () => {
    const addresses = ["a", "b", "a"].map((url) => ({ url, headers: {} }))
    const { guides } = await importTexts(new MemoryStore(), { a, b }, { addresses })
    expect(guides).toHaveLength(2)
  })

  it("store no address", async () => {
    const store = new MemoryStore()
    await importTexts(store, { "http://tv.example/?password=secret": a })
    expect(store.objects.get(objects.guides(null))?.toString()).not.toMatch(/tv\.example|secret/)
  })

  it("take a guide that broke off, but not in place of one twice as long", async () => {
    const store = new MemoryStore()
    const long = xmltv([0, 60, 120, 180, 240].map((start) => programme("a", start, "A")).join(""))
    const upTo = (count: number) => long.split("</programme>").slice(0, count).join("</programme>")
    const { problems } = await importTexts(store, { a: long })
    expect(problems).toEqual([])
    const taken = await importTexts(store, { a: `${upTo(3)}</programme><progr` })
    expect(taken).toEqual({
      guides: [{ channels: 1, programmes: 3 }],
      problems: [expect.stringMatching(/broke off/)],
    })
    await expect(importTexts(store, { a: `${upTo(1)}</programme><progr` })).rejects.toMatchObject({
      code: "shrunken",
    })
    expect((await stored(store))[0]?.a).toHaveLength(3)
  })

  it("keep those before, which a publication may be reading, and remove older ones", async () => {
    const store = new MemoryStore()
    const import_ = (title: string) => importTexts(store, { x: xmltv(programme("a", 0, title)) })
    await import_("1")
    const first = [...store.objects.keys()].filter((key) => key !== objects.guides(null))
    await import_("2")
    expect(first.every((key) => store.objects.has(key))).toBe(true)
    await import_("3")
    expect(first.some((key) => store.objects.has(key))).toBe(false)
    await import_("4")
    expect(store.objects.size).toBe(1 + 2 * first.length)
  })

  it("stay when another streamer imports them by now", async () => {
    const store = new MemoryStore()
    await importTexts(store, { a })
    const failing = importTexts(store, { a: b }, { mayWrite: async () => false })
    await expect(failing).rejects.toMatchObject({ code: "interrupted" })
    expect(await stored(store)).toEqual([{ a: ["0 60 A"] }])
  })

  it("are the old or the new ones, whole, whichever step a crash comes at", async () => {
    const before = await (async () => {
      const store = new MemoryStore()
      await importTexts(store, { a, b })
      await importTexts(store, { a, b })
      return store.objects
    })()
    const after = [{ a: ["0 60 A2"] }, { b: ["0 60 B2"] }]
    let outcomes = ""
    for (let crashAt = 1; ; crashAt++) {
      const store = new MemoryStore()
      for (const [key, value] of before) store.objects.set(key, value)
      let step = 0
      store.beforeStep = () => {
        if (++step >= crashAt) throw new Error("crash")
      }
      const isDone = await importTexts(store, { a: a.replace("A", "A2"), b: b.replace("B", "B2") }).then(
        () => true,
        () => false,
      )
      const found = await stored(store)
      expect(found, `crash at ${crashAt}`).toEqual(isDone ? after : [{ a: ["0 60 A"] }, { b: ["0 60 B"] }])
      outcomes += isDone ? "n" : "o"
      // The next import finds what the crash left behind.
      store.beforeStep = () => undefined
      await importTexts(store, { a, b })
      await importTexts(store, { a, b })
      expect(store.objects.size).toBe(before.size)
      if (step < crashAt) break
    }
    expect(outcomes).toMatch(/^o{5}n+$/)
  })

  it("tell how far they are", async () => {
    const told: unknown[] = []
    await importTexts(new MemoryStore(), { a, b }, { onProgress: (progress) => told.push(progress), now })
    expect(told).toEqual([
      { bytes: a.length, entries: 1 },
      { bytes: a.length + b.length, entries: 2 },
    ])
  })
})
