import type { Feed, Locator } from "@tributary/shared/catalogue/entry"
import type { SealedSource } from "@tributary/shared/store/records"
import { describe, expect, it } from "vitest"
import type { Moment } from "./fill-moment.ts"
import { zoneOf } from "./local-time.ts"
import { pastAddresses } from "./past-address.ts"

const start = Date.UTC(2026, 5, 1, 22, 30) / 1000
const moment: Moment = {
  ...{ start, seconds: 3600, now: start + 7200 },
  zone: zoneOf({ timeZone: "Europe/Berlin" }).zone,
}
const source: SealedSource = {
  url: "http://panel.test:8080/",
  logins: {
    primary: { url: null, username: "ann", password: "pa/ss" },
    backup: { url: "https://other.test/", username: "bob", password: "?&#" },
  },
}
const open: SealedSource = { url: "http://list.test/list.m3u", logins: {} }

type Catchup = NonNullable<Feed["catchup"]>
const listed = (template: string, catchup: Partial<Catchup>) => ({
  locator: { kind: "url", template } satisfies Locator,
  catchup: { days: 3, kind: "default", ...catchup },
})
const xtream = (changes: object = {}) => ({
  locator: { kind: "xtream", streamId: "42", extension: "ts", ...changes } satisfies Locator,
  catchup: { days: 3, kind: "xc" },
})

type Asked = { from?: SealedSource; profile?: string; changes?: Partial<Moment> }
function addresses(feed: Parameters<typeof pastAddresses>[0], { from = open, profile, changes }: Asked = {}) {
  const result = pastAddresses(feed, from, profile ?? "primary", { ...moment, ...changes })
  return result.ok ? result.addresses.map(({ form, url }) => `${form} ${url}`) : result
}

describe("an Xtream feed's past", () => {
  it("is asked for in the panel's local time, by a path and then by a script, with the profile's own login", () => {
    expect(addresses(xtream(), { from: source })).toEqual([
      "path http://panel.test:8080/timeshift/ann/pa%2Fss/60/2026-06-02:00-30/42.ts",
      "query http://panel.test:8080/streaming/timeshift.php?username=ann&password=pa%2Fss&stream=42&start=2026-06-02:00-30&duration=60",
    ])
    expect(addresses(xtream(), { from: source, profile: "backup" })).toMatchObject({
      0: "path https://other.test/timeshift/bob/%3F%26%23/60/2026-06-02:00-30/42.ts",
    })
  })

  it("begins with a minute, and is as much longer", () => {
    expect(addresses(xtream(), { from: source, changes: { start: start + 40, seconds: 90 } })).toMatchObject({
      0: "path http://panel.test:8080/timeshift/ann/pa%2Fss/3/2026-06-02:00-30/42.ts",
    })
  })

  it("is asked for in UTC where the panel does not tell its zone", () => {
    expect(addresses(xtream(), { from: source, changes: { zone: null } })).toMatchObject({
      0: "path http://panel.test:8080/timeshift/ann/pa%2Fss/60/2026-06-01:22-30/42.ts",
    })
  })

  it("is none of a movie, or of a profile that is not known", () => {
    const movie = addresses(xtream({ type: "movie" }), { from: source })
    expect(movie).toEqual({ ok: false, reason: "no_catchup" })
    expect(addresses(xtream(), { from: source, profile: "gone" })).toEqual({ ok: false, reason: "no_login" })
  })
})

describe("the past of a feed from a list", () => {
  const live = "http://cdn.test/7/index.m3u8"
  it.each<[string, Partial<Catchup>, string[]]>([
    [live, { kind: "append", source: "?t={utc}" }, [`append ${live}?t=${start}`]],
    [`${live}?a=1`, { kind: "append", source: "?t={utc}" }, [`append ${live}?a=1&t=${start}`]],
    [live, { kind: "append", source: "&t={utc}" }, [`append ${live}?t=${start}`]],
    [live, { kind: "append", source: "/past/{utc}" }, [`append ${live}/past/${start}`]],
    [live, { kind: "append", source: "http://x.test/{utc}" }, [`append http://x.test/${start}`]],
    [live, { kind: "shift" }, [`shift ${live}?utc=${start}&lutc=${start + 7200}`]],
    [`${live}?a={b}`, { kind: "shift" }, [`shift ${live}?a={b}&utc=${start}&lutc=${start + 7200}`]],
    [live, { kind: "shift", source: "?begin={utc:YmdHM}" }, [`shift ${live}?begin=202606020030`]],
    [live, { source: "http://x.test/{utc}-{duration}.ts" }, [`default http://x.test/${start}-3600.ts`]],
    [
      "http://f.test/a/mpegts?token=t",
      { kind: "fs" },
      [
        `timeshift http://f.test/a/timeshift_abs-${start}.ts?token=t`,
        `archive http://f.test/a/archive-${start}-3600.ts?token=t`,
      ],
    ],
    [
      "http://f.test/a/index.m3u8?token={t}",
      { kind: "flussonic" },
      [
        `named-archive http://f.test/a/index-${start}-3600.m3u8?token={t}`,
        `archive http://f.test/a/archive-${start}-3600.m3u8?token={t}`,
      ],
    ],
    [
      "http://f.test/a/b/mono.m3u8",
      { kind: "flussonic-hls" },
      [
        `named-archive http://f.test/a/b/mono-${start}-3600.m3u8`,
        `archive http://f.test/a/b/archive-${start}-3600.m3u8`,
      ],
    ],
    [
      "http://f.test/a/mpegts",
      { kind: "flussonic-hls" },
      [`archive http://f.test/a/archive-${start}-3600.m3u8`],
    ],
    [
      "http://f.test/a/video.m3u8",
      { kind: "flussonic-ts" },
      [
        `timeshift http://f.test/a/timeshift_abs-${start}.ts`,
        `archive http://f.test/a/archive-${start}-3600.ts`,
      ],
    ],
    [
      "http://f.test/a/video.m3u8",
      { kind: "fs", source: "http://x.test/{utc}" },
      [`default http://x.test/${start}`],
    ],
    [
      "http://p.test/live/u/p/9.m3u8?x=1",
      { kind: "xc" },
      [
        "path http://p.test/timeshift/u/p/60/2026-06-02:00-30/9.m3u8",
        "query http://p.test/streaming/timeshift.php?username=u&password=p&stream=9&start=2026-06-02:00-30&duration=60",
      ],
    ],
    [
      "http://p.test/live/u/p/9.ts",
      { kind: "shift" },
      [`shift http://p.test/live/u/p/9.ts?utc=${start}&lutc=${start + 7200}`],
    ],
  ])("of %s with %j is %j", (template, catchup, expected) => {
    expect(addresses(listed(template, catchup))).toEqual(expected)
  })

  it("is first asked for as panels want it where a panel's list says only how many days", () => {
    const feed = listed("{server}/live/{username}/{password}/9.ts", { kind: "shift" })
    expect(addresses(feed, { from: source })).toEqual([
      "path http://panel.test:8080/timeshift/ann/pa%2Fss/60/2026-06-02:00-30/9.ts",
      "query http://panel.test:8080/streaming/timeshift.php?username=ann&password=pa%2Fss&stream=9&start=2026-06-02:00-30&duration=60",
      `shift http://panel.test:8080/live/ann/pa%2Fss/9.ts?utc=${start}&lutc=${start + 7200}`,
    ])
  })

  it("is corrected by the hours that the list gives", () => {
    const feed = listed(live, { source: "http://x.test/{utc}/{utcend}/{lutc}", correctionHours: -1.5 })
    const from = start + 5400
    expect(addresses(feed)).toEqual([`default http://x.test/${from}/${from + 3600}/${start + 7200}`])
  })

  it.each<[Partial<Catchup>]>([
    [{ kind: "default" }],
    [{ kind: "append" }],
    [{ kind: "vod" }],
    [{ kind: "vod", source: "http://x.test/{catchup-id}" }],
    [{ kind: "xc" }],
  ])("is none with %j", (catchup) => {
    expect(addresses(listed(live, catchup))).toEqual({ ok: false, reason: "no_catchup" })
  })

  it("is none of a feed without catch-up", () => {
    expect(addresses({ locator: { kind: "url", template: live } })).toMatchObject({ reason: "no_catchup" })
  })

  it.each(["default", "append", "shift"])("names a placeholder that means nothing, with %s", (kind) => {
    const expected = { ok: false, reason: "bad_template", placeholder: "{what}" }
    const suffix = kind === "default" ? "http://x.test/{what}" : "?{what}"
    expect(addresses(listed(live, { kind, source: suffix }))).toEqual(expected)
  })

  it("is never asked for with another profile's login", () => {
    const template = "{server}/live/{username}/{password}/9.ts"
    const feed = listed(template, { source: "http://x.test/{username}/{password}/{utc}" })
    expect(addresses(feed, { from: source })).toEqual([`default http://x.test/ann/pa%2Fss/${start}`])
    // It is on another server, of which this address says nothing.
    const refused = { ok: false, reason: "not_rebuildable" }
    expect(addresses(feed, { from: source, profile: "backup" })).toEqual(refused)
    const fixed = listed(template, { source: "http://x.test/ann/secret/{utc}" })
    expect(addresses(fixed, { from: source, profile: "backup" })).toEqual(refused)
    const needy = listed(live, { kind: "append", source: "?key={password}" })
    expect(addresses(needy)).toEqual({ ok: false, reason: "no_login" })
  })
})

describe("a time that cannot be had", () => {
  const feed = listed("http://a.test/7", { kind: "shift", days: 2 })
  it.each([
    [{ now: start }, "in_the_future"],
    [{ now: start - 1 }, "in_the_future"],
    [{ now: start + 2 * 86_400 + 1 }, "too_old"],
  ])("is said to be so: %j is %s", (changes, reason) => {
    expect(addresses(feed, { changes })).toEqual({ ok: false, reason })
  })

  it("is none that is just kept, or that goes on", () => {
    for (const now of [start + 1, start + 2 * 86_400])
      expect(addresses(feed, { changes: { now } })).toHaveLength(1)
  })
})
