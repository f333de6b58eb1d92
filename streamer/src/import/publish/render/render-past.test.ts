import type { Entry } from "@tributary/shared/catalogue/entry"
import { describe, expect, it } from "vitest"
import { entry, readable } from "../test-catalogue.ts"
import { TestEdge } from "../test-edge.ts"

async function published(...entries: Entry[]) {
  const edge = new TestEdge()
  await edge.store("a", entries)
  await edge.publishAll(["a"])
  const manifest = await edge.current()
  const { live, movie } = manifest.sections
  return {
    live: readable(edge.text(manifest, live.playlist)),
    movies: readable(edge.text(manifest, movie.playlist)),
    rows: JSON.parse(`[${readable(edge.text(manifest, live.list))}]`) as Record<string, unknown>[],
  }
}
const keeping = (days: number): Partial<Entry> => ({ details: { catchup: { days, kind: "append" } } })
const attributesOf = (template: string) => /^#EXTINF:-1(.*)<attributes end>,/.exec(template)?.[1]
const ours = (days: number) =>
  expect.stringMatching(`^ catchup="default" catchup-days="${days}" catchup-source="<past>\\d+<past end>"$`)

describe("the past of a channel", () => {
  it("is asked for at our address, whatever the source's list says of it", async () => {
    const own = {
      catchup: "append",
      "Catchup-Days": "3",
      "catchup-source": "?utc={utc}",
      "catchup-type": "shift",
      "catchup-correction": "-1",
      "tvg-rec": "3",
      timeshift: "3",
    }
    const { live, rows } = await published(entry("One", "1", own, keeping(3)))
    expect(attributesOf(live)).toEqual(ours(3))
    expect(rows).toMatchObject([{ tv_archive: 1, tv_archive_duration: 3 }])
    expect(live).toContain(`catchup-source="<past>${rows[0]?.stream_id}<past end>"`)
  })

  it("is as long as the feed that keeps it longest has it", async () => {
    const feeds = [
      entry("One", "1"),
      entry("one", "2", {}, keeping(2)),
      entry("ONE", "3", {}, keeping(14)),
      entry("oNE", "4", {}, keeping(7)),
    ]
    const { live, rows } = await published(...feeds)
    expect(attributesOf(live)).toEqual(ours(14))
    expect(rows).toMatchObject([{ tv_archive: 1, tv_archive_duration: 14 }])
  })

  it("is not promised where no feed keeps it", async () => {
    const { live, movies, rows } = await published(
      entry("One", "1", { catchup: "none", "catchup-source": "http://h.test/{utc}", x: "y" }),
      entry("Film", "2", { catchup: "default", "catchup-days": "1", x: "y" }, { kind: "movie" }),
    )
    expect([live, movies].map(attributesOf)).toEqual([' x="y"', ' x="y" media="true"'])
    expect(rows).toMatchObject([{ tv_archive: 0, tv_archive_duration: 0 }])
  })

  it("stands beside a logo of ours", async () => {
    const own = entry("One", "1", { "tvg-logo": "", x: "y" }, { ...keeping(1), logo: "{server}/l.png" })
    const { live } = await published(own)
    expect(live).toMatch(
      /^#EXTINF:-1 tvg-logo="<logo>(\d+)" x="y" catchup="default" .*="<past>\1<past end>"<attributes end>,One/,
    )
  })
})
