import type { Entry } from "@tributary/shared/catalogue/entry"
import { describe, expect, it } from "vitest"
import { channel, importTexts, now, programme, xmltv } from "../../guide/guide-fixture.ts"
import { entry, readable } from "../test-catalogue.ts"
import { TestEdge } from "../test-edge.ts"

/** What is published of channels and one guide, whose channels have logos of their own. */
async function published(...entries: Entry[]) {
  const edge = new TestEdge()
  const icon = '<icon src="http://guide.test/1.png"/></channel>'
  const text = xmltv(channel("one", "One").replace("</channel>", icon) + programme("one", 0, "Show"))
  await importTexts(edge.client, { "http://guide.test/": text })
  await edge.store("a", entries)
  await edge.publishAll(["a"], { now })
  const manifest = await edge.current()
  const icons = readable(edge.text(manifest, manifest.guide)).matchAll(/<icon src="([^"]*)"/g)
  const id = /<stream>(\d+)/.exec(readable(edge.text(manifest, manifest.sections.live.playlist)))?.[1]
  return { id, icons: Array.from(icons, ([, src]) => src), hasLogos: manifest.guideHasLogos }
}

const withId = { "tvg-id": "one" }

describe("a channel's logo in the guide", () => {
  it("is ours where we serve it: the guide's own is another picture", async () => {
    const own = entry("One", "1", { ...withId, "tvg-logo": "" }, { logo: "{server}/l.png" })
    const { id, icons, hasLogos } = await published(own)
    expect([icons, hasLogos]).toEqual([[`<logo>${id}`], true])
  })

  it("is that of the playlist where that is public, else the guide's", async () => {
    const logo = "http://logos.test/1.png"
    const { icons, hasLogos } = await published(entry("One", "1", { ...withId, "tvg-logo": logo }))
    expect([icons, hasLogos]).toEqual([[logo], false])
    expect((await published(entry("One", "1", withId))).icons).toEqual(["http://guide.test/1.png"])
  })
})
