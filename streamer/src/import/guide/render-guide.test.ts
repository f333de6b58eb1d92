import type { GuideProgramme } from "@tributary/shared/catalogue/entry"
import { guideHead, guideTail, readBlockMark } from "@tributary/shared/snapshot/guide-document"
import { logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  at,
  channel,
  importTexts,
  MemoryPacks,
  MemoryStore,
  now,
  programme,
  seconds,
  xmltv,
} from "./guide-fixture.ts"
import { type LoadedGuides, loadGuides } from "./load-guides.ts"
import { type GuideTarget, matchGuides } from "./match-guides.ts"
import { renderGuide } from "./render-guide.ts"
import { readXml } from "./test-xml-reader.ts"

fc.configureGlobal({ seed: 20_261_121 })

const target = (id: string, tvgId: string, rest: Partial<GuideTarget> = {}): GuideTarget => ({
  ...{ id, name: `N${id}`, tvgIds: [tvgId], guideId: null, shiftMinutes: 0, groups: [0], icon: "" },
  ...rest,
})

const ownLogo = new RegExp(`="${logoTemplate("(\\d+)")}"`, "g")

/** What is rendered of guides (texts in their priority) for channels. */
async function rendered(
  texts: string[],
  targets: GuideTarget[] | ((guides: LoadedGuides) => GuideTarget[]),
  prepare = (_: MemoryStore) => {},
) {
  const store = new MemoryStore()
  await importTexts(store, Object.fromEntries(texts.map((text, number) => [`guide ${number}`, text])))
  const guides = await loadGuides(store, [null])
  const match = matchGuides(guides, typeof targets === "function" ? targets(guides) : targets)
  prepare(store)
  const packs = new MemoryPacks()
  const { view, hasLogos, locations } = await renderGuide(store, match, packs.writer, now)
  await packs.writer.finish()
  const document = packs.read(view)
  const json = new Map(
    [...locations].map(([id, location]) => [id, JSON.parse(packs.read([location])) as GuideProgramme[]]),
  )
  const root = readXml(document.replaceAll(ownLogo, '="http://e/logo/$1"'))
  return { document, hasLogos, json, root }
}

const titlesOf = (programmes: GuideProgramme[] | undefined) => programmes?.map(({ title }) => title).join(" ")

describe("rendering the guide", () => {
  it("is an XMLTV document: channels, then their programmes", async () => {
    const children = '<desc lang="en">D &lt;&amp;&gt;</desc><category>C</category>'
    const text = xmltv(channel("a", "A") + programme("a", 0, "R&amp;D", 60, children))
    const { document, json } = await rendered(
      [text],
      [target("1", "A", { name: "One & <more>", icon: "http://i/?a&b" })],
    )
    const channelBlock =
      '<channel id="A"><display-name>One &amp; &lt;more&gt;</display-name><icon src="http://i/?a&amp;b"/></channel>\n'
    const programmeBlock =
      `<programme start="${at(0)}" stop="${at(60)}" channel="A"><title>R&amp;D</title>` +
      '<desc lang="en">D &lt;&amp;&gt;</desc><category>C</category></programme>\n'
    expect(document).toBe(
      `${guideHead}<!--1 0 ${channelBlock.length}-->\n${channelBlock}<!--1 0 ${programmeBlock.length}-->\n${programmeBlock}${guideTail}`,
    )
    expect(json.get("1")).toEqual([
      { start: seconds(0), stop: seconds(60), title: "R&D", description: "D <&>", language: "" },
    ])
  })

  it("marks each block with its channels, groups and bytes", async () => {
    const text = xmltv(programme("ä", 0, "Größe") + programme("b", 0, "B") + programme("b", 60, "B2"))
    const { document } = await rendered(
      [text],
      [
        target("1", "ä", { groups: [2, 0] }),
        target("2", "b", { groups: [10, 9] }),
        target("3", "ä", { groups: [] }),
      ],
    )
    let bytes = Buffer.from(document).subarray(guideHead.length)
    const marks: string[] = []
    while (bytes.toString() !== guideTail) {
      const end = bytes.indexOf("\n")
      const line = bytes.toString("utf8", 0, end)
      const mark = readBlockMark(line)
      if (mark === null) throw new Error(`no mark: ${line}`)
      const block = bytes.toString("utf8", end + 1, end + 1 + mark.bytes)
      expect(block).toMatch(/^<(channel|programme)[\s\S]*<\/\1>\n$/)
      marks.push(`${line.split(" ")[0]} ${mark.groups}: ${block.split("</programme>").length - 1}`)
      bytes = bytes.subarray(end + 1 + mark.bytes)
    }
    expect(marks).toEqual(["<!--1+3 0,2: 0", "<!--2 9,10: 0", "<!--1+3 0,2: 1", "<!--2 9,10: 2"])
  })

  it("adds the shift to all times", async () => {
    const { root, json } = await rendered(
      [xmltv(programme("a", 0, "A"))],
      [target("1", "a", { shiftMinutes: -90 }), target("2", "a")],
    )
    const times = root.children.filter(({ name }) => name === "programme").map(({ attributes }) => attributes)
    expect(times).toEqual([
      { start: at(-90), stop: at(-30), channel: "1" },
      { start: at(0), stop: at(60), channel: "a" },
    ])
    expect(json.get("1")?.map(({ start, stop }) => [start, stop])).toEqual([[seconds(-90), seconds(-30)]])
  })

  it("takes the logo of the guide for a channel without one", async () => {
    const icon = '<icon src="http://guide/1.png"/></channel>'
    const text = xmltv(channel("a", "A").replace("</channel>", icon) + programme("a", 0, "A"))
    const { root, hasLogos } = await rendered([text], [target("1", "a")])
    expect(root.children[0]?.children[1]?.attributes.src).toBe("http://guide/1.png")
    expect(hasLogos).toBe(false)
  })

  it("has the placeholder of a logo that is served by us, and of nothing else that looks like one", async () => {
    const text = xmltv(programme("a", 0, "A") + programme("b", 0, "B"))
    const targets = [target("1", "a", { icon: logoTemplate("1") }), target("2", "b", { icon: "\u0003x" })]
    const { document, hasLogos } = await rendered([text], targets)
    const icons = [...document.matchAll(/<icon src="([^"]*)"/g)].map(([, src]) => src)
    expect([icons, hasLogos]).toEqual([["\u00031", " x"], true])
    expect((await rendered([text], targets.slice(1))).hasLogos).toBe(false)
  })

  it("fills in before and after from guides of lower priority, and mixes none at one time", async () => {
    const first = programme("a", 0, "f1") + programme("a", 120, "f2")
    const second = [-120, -30, 60, 150, 180, 240]
      .map((start, number) => programme("a", start, `s${number}`))
      .join("")
    const third = [-300, 600].map((start, number) => programme("a", start, `t${number}`)).join("")
    const { json } = await rendered([xmltv(first), xmltv(second), xmltv(third)], [target("1", "a")])
    expect(titlesOf(json.get("1"))).toBe("t0 s0 f1 f2 s4 s5 t1")
  })

  it("begins with the first guide that has programmes now or later, after the shift", async () => {
    const past = xmltv(programme("a", -200, "p1") + programme("a", -90, "p2"))
    const current = xmltv(programme("a", -120, "c1") + programme("a", -30, "c2"))
    const targets = [target("1", "a"), target("2", "a", { shiftMinutes: 60 })]
    const { json } = await rendered([past, current], targets)
    expect(titlesOf(json.get("1"))).toBe("p1 c1 c2")
    expect(titlesOf(json.get("2"))).toBe("p1 p2 c2")
  })

  it("is a whole document without any match, and without a guide's lost parts", async () => {
    expect((await rendered([xmltv(programme("a", 0, "A"))], [])).document).toBe(guideHead + guideTail)
    const { root, json } = await rendered([xmltv(programme("a", 0, "A"))], [target("1", "a")], (store) => {
      for (const key of store.objects.keys()) if (key.endsWith("/0")) store.objects.delete(key)
    })
    expect(root.children.map(({ name }) => name)).toEqual(["channel"])
    expect(json.size).toBe(0)
  })

  it("is well-formed whatever names, ids and logos there are, and says what came", {
    timeout: 30_000,
  }, async () => {
    const text = fc.string({ unit: "binary", maxLength: 12 })
    const escaped = (value: string) =>
      value.replace(
        /[&<>"]/g,
        (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? "",
      )
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (id, name, icon, title) => {
        const source = xmltv(
          programme(`x${escaped(id)}x`, 0, `x${escaped(title)}x`, 60, `<desc>${escaped(title)}</desc>`),
        )
        const { root, json } = await rendered([source], (guides) => [
          target("1", "", { name, icon, guideId: guides.channels[0]?.id ?? "" }),
        ])
        const [channelElement, programmeElement] = root.children
        expect(programmeElement?.attributes.channel).toBe(channelElement?.attributes.id)
        const [first] = json.get("1") ?? []
        expect(programmeElement?.children[0]?.text).toBe(first?.title)
        expect(programmeElement?.children[1]?.text ?? "").toBe(first?.description)
      }),
      { numRuns: 40 },
    )
  })
})
