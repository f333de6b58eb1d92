import type { Feed, Locator } from "@tributary/shared/catalogue/entry"
import type { SealedSource } from "@tributary/shared/store/records"
import { describe, expect, it } from "vitest"
import { feedAddress } from "./feed-address.ts"

const feed = (locator: Locator): Feed => ({ id: "feed", source: "source", locator })
const xtream = feed({ kind: "xtream", streamId: "42", extension: "ts" })
const template = (text: string) => feed({ kind: "url", template: text })

const source: SealedSource = {
  url: "http://panel.test:8080/",
  logins: {
    primary: { url: null, username: "ann", password: "pa/ss" },
    backup: { url: "https://other.test/", username: "bob", password: "?&#" },
  },
}
const open: SealedSource = { url: "http://list.test/list.m3u", logins: {} }

describe("an Xtream feed", () => {
  it("is addressed with the profile's own credentials, escaped", () => {
    expect(feedAddress(xtream, source, "primary")).toEqual({
      ok: true,
      url: "http://panel.test:8080/live/ann/pa%2Fss/42.ts",
    })
  })

  it("is addressed on the profile's own server where it has one", () => {
    expect(feedAddress(xtream, source, "backup")).toEqual({
      ok: true,
      url: "https://other.test/live/bob/%3F%26%23/42.ts",
    })
  })

  it("takes the server, not the path or query, of the source's address", () => {
    const written = { ...source, url: "http://panel.test:8080/get.php?username=x&password=y" }
    expect(feedAddress(xtream, written, "primary")).toMatchObject({
      url: "http://panel.test:8080/live/ann/pa%2Fss/42.ts",
    })
  })

  it("has the place of its kind: live, movie or an episode of a series", () => {
    const address = (type: "movie" | "series", extension: string) =>
      feedAddress(feed({ kind: "xtream", type, streamId: "42", extension }), source, "primary")
    expect(address("movie", "mkv")).toEqual({
      ok: true,
      url: "http://panel.test:8080/movie/ann/pa%2Fss/42.mkv",
    })
    expect(address("series", "mp4")).toEqual({
      ok: true,
      url: "http://panel.test:8080/series/ann/pa%2Fss/42.mp4",
    })
    expect(address("series", "")).toEqual({ ok: false, reason: "not_a_stream" })
  })

  it("has no address for a profile that is not known", () => {
    expect(feedAddress(xtream, source, "gone")).toEqual({ ok: false, reason: "no_login" })
    expect(feedAddress(xtream, open, "primary")).toEqual({ ok: false, reason: "no_login" })
  })
})

describe("a feed from a list", () => {
  it("is addressed as it is written when it holds no credentials", () => {
    const url = "http://cdn.test/a.ts?token={other}"
    expect(feedAddress(template(url), open, "primary")).toEqual({ ok: true, url })
    expect(feedAddress(template(url), source, "primary")).toEqual({ ok: true, url })
  })

  it("gets the profile's server and credentials, wherever and however often they stand", () => {
    const feed = template("{server}/{username}/{password}/7?u={username}&p={password}")
    expect(feedAddress(feed, source, "primary")).toEqual({
      ok: true,
      url: "http://panel.test:8080/ann/pa%2Fss/7?u=ann&p=pa%2Fss",
    })
    expect(feedAddress(feed, source, "backup")).toEqual({
      ok: true,
      url: "https://other.test/bob/%3F%26%23/7?u=bob&p=%3F%26%23",
    })
  })

  it("is never opened with another profile's address", () => {
    expect(feedAddress(template("http://panel.test:8080/ann/secret/7"), source, "backup")).toEqual({
      ok: false,
      reason: "not_rebuildable",
    })
    expect(feedAddress(template("{server}/open/7"), source, "backup")).toEqual({
      ok: false,
      reason: "not_rebuildable",
    })
  })

  it("has no address without the login that it needs", () => {
    for (const text of ["{server}/{username}/7", "http://a.test/{password}"])
      expect(feedAddress(template(text), open, "primary")).toEqual({ ok: false, reason: "no_login" })
  })

  it("does not fill in what a credential happens to hold", () => {
    const odd: SealedSource = {
      url: "http://a.test",
      logins: { primary: { url: null, username: "{password}", password: "$1$&" } },
    }
    expect(feedAddress(template("{server}/{username}/{password}"), odd, "primary")).toEqual({
      ok: true,
      url: "http://a.test/%7Bpassword%7D/%241%24%26",
    })
  })
})

describe("a server's address that is none", () => {
  it("is a reason, not an exception", () => {
    for (const url of ["", "panel.test:8080", "http://", "not an address"]) {
      const broken = { ...source, url }
      for (const each of [xtream, template("{server}/{username}")])
        expect(feedAddress(each, broken, "primary").ok, url).toBe(false)
    }
  })

  it.each(["primary", "backup"])(
    "never lends %s another profile's credentials, whatever the feed",
    (profile) => {
      const other =
        profile === "primary" ? ["bob", "%3F%26%23", "other.test"] : ["ann", "pa%2Fss", "panel.test"]
      const texts = [
        "{server}/{username}/{password}",
        "{username}",
        "http://x/{password}",
        "{server}/a",
        "http://x/",
      ]
      for (const each of [xtream, ...texts.map(template)]) {
        const address = feedAddress(each, source, profile)
        for (const part of other) if (address.ok) expect(address.url).not.toContain(part)
      }
    },
  )
})
