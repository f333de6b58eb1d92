import { describe, expect, it } from "vitest"
import { feedAddress } from "../../upstream/feed-address.ts"
import { seededRandom } from "../test-inputs.ts"
import { concealProvider } from "./conceal-provider.ts"
import { namesProvider, type Provider, suffixTemplate, urlTemplate } from "./url-template.ts"

const provider: Provider = {
  url: "http://panel.test:8080/get.php?type=m3u",
  login: { username: "ann", password: "s3cret" },
}
const account = (username: string, password: string): Provider => ({
  ...provider,
  login: { username, password },
})
const template = (address: string, of = provider) => urlTemplate(address, of)

describe("the template of an address", () => {
  it.each([
    ["http://panel.test:8080/live/ann/s3cret/7.ts", "{server}/live/{username}/{password}/7.ts"],
    ["http://panel.test:8080/ann/s3cret/7", "{server}/{username}/{password}/7"],
    ["/ann/s3cret/7", "{server}/{username}/{password}/7"],
    [
      "http://PANEL.test:8080/timeshift/ann/s3cret/60/2024-01-01:10-00/7.ts",
      "{server}/timeshift/{username}/{password}/60/2024-01-01:10-00/7.ts",
    ],
    [
      "http://panel.test:8080/play?username=ann&password=s3cret&id=7",
      "{server}/play?username={username}&password={password}&id=7",
    ],
    [
      "http://panel.test:8080/play?id=7&pass=s3cret&user=ann",
      "{server}/play?id=7&pass={password}&user={username}",
    ],
    ["http://panel.test:8080/play?key=s3cret", "{server}/play?key={password}"],
    ["http://panel.test:8080/play/s3cret", "{server}/play/{password}"],
    ["http://cdn.test/live/ann/s3cret/7.ts", "http://cdn.test/live/{username}/{password}/7.ts"],
    ["http://panel.test:9090/ann/s3cret/7", "http://panel.test:9090/{username}/{password}/7"],
    ["http://ann:s3cret@panel.test:8080/7", "http://{username}:{password}@panel.test:8080/7"],
    ["rtmp://cdn.test/live/ann/s3cret/7", "rtmp://cdn.test/live/{username}/{password}/7"],
    ["udp://@239.0.0.1:1234", "udp://239.0.0.1:1234"],
    ["http://panel.test:8080/annex/s3cret2/ann.ts?name=ann", "{server}/annex/s3cret2/ann.ts?name=ann"],
    ["http://panel.test:8080/a?x={password}&y={utc}", "{server}/a?x=%7Bpassword%7D&y={utc}"],
  ])("%s", (address, expected) => expect(template(address)).toBe(expected))

  it("is the whole address of an open list, and none of what is no address", () => {
    const open = { ...provider, login: null }
    expect(urlTemplate("a.ts?x={username}", open)).toBe("http://panel.test:8080/a.ts?x=%7Busername%7D")
    expect(urlTemplate("http://host:99999/ann/s3cret/1", provider)).toBeNull()
  })

  it("tells a login from path parts that are like it", () => {
    expect(template("http://panel.test:8080/live/live/live/1.ts", account("live", "live"))).toBe(
      "{server}/live/{username}/{password}/1.ts",
    )
    expect(template("http://panel.test:8080/live/1/2/1.ts", account("1", "2"))).toBe(
      "{server}/live/{username}/{password}/1.ts",
    )
    expect(template("http://panel.test:8080/live/demo/demo/demo.ts", account("demo", "demo"))).toBe(
      "{server}/live/{username}/{password}/demo.ts",
    )
    expect(template("http://panel.test:8080/live/xa/b/1.ts", account("a", "b"))).toBe(
      "{server}/live/xa/b/1.ts",
    )
  })

  it("knows a login however it is encoded, and fills in to an address of the same parts", () => {
    const random = seededRandom(5)
    const letters = [
      "a",
      "B",
      "7",
      "@",
      ":",
      "+",
      "%",
      " ",
      "&",
      "=",
      "é",
      "$",
      ",",
      ";",
      "!",
      "'",
      "(",
      "*",
      "|",
    ] as const
    const encodings = [
      encodeURIComponent,
      (text: string) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
      (text: string) => encodeURIComponent(text).replace(/%(?:40|3A|24|2C|3B|2B|3D|26)/g, decodeURIComponent),
      (text: string) =>
        Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(
          "",
        ),
    ] as const
    for (let round = 0; round < 2000; round++) {
      const username = `u${random.text(1 + random.below(6), letters)}`
      const password = `p${random.text(6 + random.below(6), letters)}`
      const encode = random.pick(encodings)
      const inPath = `http://panel.test:8080/live/${encode(username)}/${encode(password)}/7.ts`
      const own = account(username, password)
      expect(template(inPath, own), inPath).toBe("{server}/live/{username}/{password}/7.ts")
      const query = new URLSearchParams({ username, password, id: "7" })
      expect(template(`http://panel.test:8080/p?${query}`, own)).toBe(
        "{server}/p?username={username}&password={password}&id=7",
      )
      const filled = feedAddress(
        { id: "f", source: "s", locator: { kind: "url", template: template(inPath, own) ?? "" } },
        { url: provider.url, logins: { primary: { url: null, username, password } } },
        "primary",
      )
      expect(filled).toEqual({
        ok: true,
        url: `http://panel.test:8080/live/${encodeURIComponent(username)}/${encodeURIComponent(password)}/7.ts`,
      })
    }
  })
})

describe("a text that names the provider", () => {
  it.each([
    "http://panel.test:8080/logo.png",
    "http://panel.test/logo.png",
    "https://PANEL.TEST:443/logo.png",
    "see panel.test, or",
    "http://cdn.test/ann/s3cret/logo.png",
    "http://cdn.test/?username=ann&password=s3cret",
    "http://ann:s3cret@cdn.test/",
    "http://cdn.test/?token=s3cret",
    "http://cdn.test/?token=s%33cret",
  ])("%s", (text) => expect(namesProvider(text, provider)).toBe(true))

  it.each([
    "http://cdn.test/logo.png",
    "http://mypanel.test/logo.png",
    "http://panel.test.example/logo.png",
    "panel.tests",
    "ann",
    "s3cret",
    "http://cdn.test/ann/logo.png",
  ])("is not %s", (text) => expect(namesProvider(text, provider)).toBe(false))

  it("is none for an open list, nor for a short password that is a word like others", () => {
    expect(namesProvider("http://panel.test:8080/x", { ...provider, login: null })).toBe(false)
    expect(namesProvider("http://cdn.test/tv/logo.png", account("ann", "tv"))).toBe(false)
    expect(namesProvider("http://cdn.test/ann/tv/logo.png", account("ann", "tv"))).toBe(true)
  })
})

describe("a key in a list's own address", () => {
  const open = (url: string): Provider => ({ url, login: null })
  const logo = (of: string) => `http://list.test/logos/1.png?x=${of}`

  it.each([
    ["http://list.test/l.m3u?token=abcdefgh", "abcdefgh"],
    ["http://list.test/l.m3u?a=b&api_key=a%2Fb%3Dcdefg", "a/b=cdefg"],
    ["http://list.test/l.m3u?a=b&api_key=a%2Fb%3Dcdefg", "a%2Fb%3Dcdefg"],
    ["http://list.test/get/john77doe/k3yk3yk3y/list.m3u", "k3yk3yk3y"],
    ["http://list.test/get/john77doe/k3yk3yk3y/list.m3u", "john77doe"],
  ])("%s is named by %s", (url, key) => {
    expect(namesProvider(logo(key), open(url))).toBe(true)
    expect(namesProvider(logo(key), { url, login: { username: "ann", password: "s3cret" } })).toBe(true)
    const listed = {
      kind: "live" as const,
      name: "One",
      groups: [],
      locator: { kind: "url", template: "x" } as const,
    }
    expect(
      concealProvider(
        {
          ...listed,
          attributes: [
            ["tvg-logo", logo(key)],
            ["x", key],
          ],
        },
        open(url),
      ),
    ).toEqual({
      ...listed,
      attributes: [["tvg-logo", ""]],
      logo: new URL(logo(key)).href,
    })
  })

  it.each([
    ["http://list.test/l.m3u?token=short", "short"],
    ["http://list.test/l.m3u?type=m3u_plus&output=mpegts1", "mpegts1"],
    ["http://list.test/logos/l.m3u", "logos"],
    ["http://list.test/categories/l.m3u", "categories"],
    ["http://list.test/list2026-08.m3u", "list2026-08.m3u"],
  ])("%s is not named by %s", (url, word) => {
    expect(namesProvider(logo(word), open(url))).toBe(false)
  })
})

describe("the template of what is put behind an address", () => {
  it.each([
    ["?utc={utc}&lutc={lutc}", "?utc={utc}&lutc={lutc}"],
    ["&username=ann&password=s3cret&{username}", "&username={username}&password={password}&%7Busername%7D"],
    ["/ann/s3cret/{utc}?key=s3cret", "/{username}/{password}/{utc}?key={password}"],
    ["-{utc}.m3u8", "-{utc}.m3u8"],
  ])("%s", (text, expected) => expect(suffixTemplate(text, provider)).toBe(expected))

  it("is the whole of it in an open list", () =>
    expect(suffixTemplate("?p=s3cret&{password}", { ...provider, login: null })).toBe(
      "?p=s3cret&%7Bpassword%7D",
    ))
})

describe("an entry without its provider", () => {
  const entry = (...attributes: [string, string][]) => ({
    kind: "live" as const,
    name: "One",
    attributes,
    groups: ["G"],
    locator: { kind: "xtream", streamId: "7", extension: "ts" } as const,
  })

  it("has its logo as a template that only a streamer can fill, and loses other such values", () => {
    const before = entry(
      ["tvg-id", "one"],
      ["tvg-logo", "http://panel.test:8080/logos/ann/s3cret/1.png"],
      ["catchup-source", "http://panel.test:8080/timeshift/ann/s3cret/{duration}/1.ts"],
      ["x", "y"],
    )
    expect(concealProvider(before, provider)).toEqual({
      ...entry(["tvg-id", "one"], ["tvg-logo", ""], ["x", "y"]),
      logo: "{server}/logos/{username}/{password}/1.png",
    })
  })

  it("stays as it is when nothing of it is secret, and for an open list", () => {
    const before = entry(["tvg-logo", "http://logos.test/1.png"], ["tvg-name", "s3cret"])
    expect(concealProvider(before, provider)).toBe(before)
    const open = entry(["tvg-logo", "http://panel.test:8080/1.png"])
    expect(concealProvider(open, { ...provider, login: null })).toBe(open)
  })

  it("has its logo concealed however the attribute is written", () => {
    const before = entry(["TVG-Logo", "http://panel.test:8080/1.png"])
    expect(concealProvider(before, provider)).toEqual({ ...entry(["TVG-Logo", ""]), logo: "{server}/1.png" })
  })

  it("has no logo when that is no address", () => {
    expect(concealProvider(entry(["tvg-logo", "http://panel.test:99999/ann/s3cret"]), provider)).toEqual(
      entry(["tvg-logo", ""]),
    )
  })
})
