import { describe, expect, it } from "vitest"
import { login, openSource, query, settings } from "./account-fixture.ts"
import { accountTarget, listAddress } from "./account-target.ts"

const other = { username: "bob", password: "bobs-secret" }
const others = { url: null, ...other }
const panel = (...source: Parameters<typeof openSource>) =>
  accountTarget(openSource(...source), "primary", settings)?.url

describe("where an account is asked about", () => {
  it.each([
    ["http://panel.test:8080", "http://panel.test:8080/player_api.php"],
    ["http://panel.test/", "http://panel.test/player_api.php"],
    ["https://panel.test/c//", "https://panel.test/c/player_api.php"],
  ])("is below the Xtream server %s", (url, expected) => {
    expect(panel("xtream", url)).toBe(`${expected}?${query}`)
  })

  it.each([
    [
      "http://list.test:8080/get.php?username=a&password=b&type=m3u_plus",
      "http://list.test:8080/player_api.php",
    ],
    ["http://list.test/iptv/get.php?username=a&password=b", "http://list.test/iptv/player_api.php"],
    ["http://list.test/playlist/a/b/m3u_plus", "http://list.test/player_api.php"],
    ["http://list.test/lists/tv.m3u", "http://list.test/player_api.php"],
  ])("is at the server of the list %s", (url, expected) => {
    expect(panel("m3u", url)).toBe(`${expected}?${query}`)
  })

  it("is with the profile's own login, on its own server where it has one", () => {
    const logins = {
      primary: { url: null, ...login },
      own: { ...others, url: "http://own.test:81/" },
      same: others,
    }
    const source = openSource("xtream", "http://panel.test", logins)
    const asked = (profile: string) => accountTarget(source, profile, settings)?.url
    expect(asked("own")).toBe("http://own.test:81/player_api.php?username=bob&password=bobs-secret")
    expect(asked("same")).toBe("http://panel.test/player_api.php?username=bob&password=bobs-secret")
    for (const unknown of ["none", "constructor", "__proto__"]) expect(asked(unknown)).toBeUndefined()
  })

  it("is nowhere without a login", () => {
    expect(accountTarget(openSource("m3u", "http://list.test/tv.m3u", {}), "primary", settings)).toBeNull()
  })

  it("is asked with the headers that the source wants", () => {
    const source = openSource("xtream", "http://panel.test")
    source.record.userAgent = "Own"
    source.secret.headers = { Referer: "http://site.test/" }
    expect(accountTarget(source, "primary", settings)?.headers).toEqual({
      "user-agent": "Own",
      referer: "http://site.test/",
    })
  })
})

describe("the list of another profile", () => {
  const listOf = (url: string) =>
    listAddress(openSource("m3u", url, { primary: { url: null, ...login }, bob: others }), "bob")

  it("has its login in place of the primary one", () => {
    const address = listOf(`http://list.test/get.php?${query}&type=m3u`)
    expect(address).toBe("http://list.test/get.php?username=bob&password=bobs-secret&type=m3u")
  })

  it("is not known where the address does not show the login", () => {
    for (const path of ["tv.m3u", "list?token=abc", `get.php?username=${encodeURIComponent(login.username)}`])
      expect(listOf(`http://list.test/${path}`), path).toBeNull()
  })
})
