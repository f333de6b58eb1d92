import { describe, expect, it } from "vitest"
import { configFileSchema } from "./config-file.ts"
import { describeIssue } from "./describe-issue.ts"

/** CONTRACT.md's example, with its placeholders filled in. */
const example = {
  sources: [
    {
      id: "acme",
      name: "Acme",
      type: "xtream",
      url: "http://host:8000",
      username: "u",
      password: "p",
      maxStreams: 1,
      order: 1,
      enabled: true,
      live: true,
      vod: true,
      series: true,
      include: "regex on group or name",
      exclude: "regex",
      epgUrl: "http://host/xmltv.php",
      userAgent: "…",
      headers: { Referer: "…" },
      profiles: [
        {
          name: "Backup",
          url: null,
          username: "u2",
          password: "p2",
          maxStreams: null,
          priority: 1,
          enabled: true,
        },
      ],
    },
    { id: "free", name: "Free", type: "m3u", url: "https://host/list.m3u", maxStreams: 5 },
  ],
  epg: [{ url: "https://host/guide.xml.gz" }],
  viewers: [
    {
      username: "ann",
      password: "secret",
      maxStreams: 2,
      groups: null,
      expiresAt: null,
      whenFull: "refuse",
    },
  ],
  transcodeProfiles: [{ id: "sd", name: "SD 480p", output: "mpegts", arguments: "-c copy" }],
  settings: { streamMode: "restream" },
}

const m3u = { id: "free", type: "m3u", url: "https://host/list.m3u" }
const xtream = { ...m3u, type: "xtream", username: "u", password: "p" }
const profile = { name: "Backup", username: "u2", password: "p2" }
const ann = { username: "ann", password: "secret" }

function problem(file: unknown): string {
  const { error } = configFileSchema.safeParse(file)
  return error === undefined ? "accepted" : describeIssue(error)
}

describe("CONFIG_FILE", () => {
  it("may be the contract's example, which is read as written", () => {
    expect(configFileSchema.parse(example)).toMatchObject(example)
  })

  it("may name nothing", () => {
    expect(configFileSchema.parse({})).toEqual({})
  })

  it("fills in defaults of what it names", () => {
    const file = configFileSchema.parse({
      sources: [{ ...m3u, profiles: [profile] }],
      viewers: [ann],
    })
    const onByDefault = { enabled: true, live: true, vod: true, series: true }
    expect(file.sources?.[0]).toMatchObject({ order: 1, ...onByDefault })
    expect(file.sources?.[0]?.profiles[0]).toMatchObject({ priority: 1, enabled: true })
    expect(file.viewers?.[0]).toMatchObject({ enabled: true, whenFull: "refuse" })
  })

  it("knows the login that a list's address names, unless one is named apart", () => {
    const list = { id: "list", type: "m3u", url: "http://a.example/get.php?username=ann&password=p%201" }
    const { sources } = configFileSchema.parse({
      sources: [list, { ...list, id: "apart", username: "bob", password: "own" }],
    })
    expect(sources).toMatchObject([
      { username: "ann", password: "p 1" },
      { username: "bob", password: "own" },
    ])
  })

  it("keeps settings as they are written, without defaults", () => {
    expect(configFileSchema.parse({ settings: { poolGrace: "1m", maxRetries: 2 } }).settings).toEqual({
      poolGrace: "1m",
      maxRetries: 2,
    })
  })

  it("keeps texts that look like numbers", () => {
    const [viewer] = configFileSchema.parse({ viewers: [{ username: "007", password: "1e3" }] }).viewers ?? []
    expect(viewer).toMatchObject({ username: "007", password: "1e3" })
  })

  it.each([
    // Unknown keys.
    ["source: unknown key", { source: [] }],
    ["sources[1].maxStream: unknown key", { sources: [m3u, { ...m3u, id: "b", maxStream: 1 }] }],
    [
      "sources[0].profiles[0].login: unknown key",
      { sources: [{ ...m3u, profiles: [{ ...profile, login: "x" }] }] },
    ],
    ["viewers[0].group: unknown key", { viewers: [{ ...ann, group: "x" }] }],
    ["epg[0].uri: unknown key", { epg: [{ url: "http://host/x", uri: "x" }] }],
    ["settings.poolGraze: unknown key", { settings: { poolGraze: "5s" } }],
    // Wrong types.
    ['must be an object, like {"key": …}', []],
    ['must be an object, like {"key": …}', "text"],
    ["sources: must be a list", { sources: { acme: m3u } }],
    ['sources[0]: must be an object, like {"key": …}', { sources: ["http://host"] }],
    ["sources[0].maxStreams: must be a whole number", { sources: [{ ...m3u, maxStreams: "5" }] }],
    ["sources[0].maxStreams: must be a whole number", { sources: [{ ...m3u, maxStreams: 1.5 }] }],
    ["sources[0].maxStreams: must be at least 0", { sources: [{ ...m3u, maxStreams: -1 }] }],
    ["sources[0].enabled: must be true or false", { sources: [{ ...m3u, enabled: "true" }] }],
    ['sources[0].type: must be "xtream" or "m3u"', { sources: [{ ...m3u, type: "hls" }] }],
    ["sources[0].url: must be an http:// or https:// URL", { sources: [{ ...m3u, url: "ftp://host" }] }],
    ["sources[0].url: must be an http:// or https:// URL", { sources: [{ ...m3u, url: "host:80" }] }],
    ["sources[0].name: must be a text", { sources: [{ ...m3u, name: 5 }] }],
    ["sources[0].name: must not be empty", { sources: [{ ...m3u, name: "" }] }],
    ["sources[0].include: is not a regular expression", { sources: [{ ...m3u, include: "(" }] }],
    ["sources[0].headers.Referer: must be a text", { sources: [{ ...m3u, headers: { Referer: 1 } }] }],
    ["sources[0].headers: must be an object of texts", { sources: [{ ...m3u, headers: "Referer: x" }] }],
    [
      "sources[0].profiles[0].priority: must be a whole number",
      { sources: [{ ...m3u, profiles: [{ ...profile, priority: "1" }] }] },
    ],
    ["sources[0].id: must be letters, digits, - and _ (at most 64)", { sources: [{ ...m3u, id: "a/b" }] }],
    ["viewers[0].password: must be a text", { viewers: [{ username: "ann", password: 7 }] }],
    ["viewers[0].groups: must be a list", { viewers: [{ ...ann, groups: "Sport" }] }],
    ['viewers[0].whenFull: must be "refuse" or "replace"', { viewers: [{ ...ann, whenFull: "wait" }] }],
    [
      "viewers[0].expiresAt: must be a date and time, like 2027-01-31T12:00:00Z",
      { viewers: [{ ...ann, expiresAt: "soon" }] },
    ],
    [
      'transcodeProfiles[0].output: must be "mpegts" or "hls"',
      { transcodeProfiles: [{ id: "a", name: "a", output: "mp4", arguments: "-c copy" }] },
    ],
    [
      'transcodeProfiles[0].variants[1]: there is no transcode profile "8k"',
      { transcodeProfiles: [{ id: "a", name: "a", output: "hls", variants: ["480p", "8k"] }] },
    ],
    [
      'transcodeProfiles: "480p" has variants itself, and "adaptive" names it',
      { transcodeProfiles: [{ id: "480p", name: "a", output: "hls", variants: ["copy", "720p"] }] },
    ],
    ["settings.publicPlaylist: must be true or false", { settings: { publicPlaylist: "yes" } }],
    ["settings.poolGrace: must be a duration such as 30m, 5s or 12h", { settings: { poolGrace: 10 } }],
    ['settings: must be an object, like {"key": …}', { settings: [] }],
    // Missing keys.
    ["sources[0].id: is missing", { sources: [{ type: "m3u", url: "http://host" }] }],
    ["sources[0].url: is missing", { sources: [{ id: "a", type: "m3u" }] }],
    [
      "sources[0].password: is missing: an xtream source needs it",
      { sources: [{ ...m3u, type: "xtream", username: "u" }] },
    ],
    [
      "sources[0].profiles[0].username: is missing",
      { sources: [{ ...m3u, profiles: [{ name: "B", password: "p" }] }] },
    ],
    ["viewers[0].password: is missing", { viewers: [{ username: "ann" }] }],
    // Duplicates.
    ['sources[1].id: "free" is a duplicate', { sources: [m3u, xtream] }],
    ['viewers[2].username: "ann" is a duplicate', { viewers: [ann, { ...ann, username: "Ann" }, ann] }],
    [
      'transcodeProfiles[1].id: "sd" is a duplicate',
      { transcodeProfiles: [...example.transcodeProfiles, ...example.transcodeProfiles] },
    ],
    [
      'sources[0].profiles[1].id: "b" is a duplicate',
      {
        sources: [
          {
            ...m3u,
            profiles: [
              { ...profile, id: "b" },
              { ...profile, id: "b" },
            ],
          },
        ],
      },
    ],
    [
      'sources[0].profiles[0].id: "primary" is a duplicate',
      { sources: [{ ...xtream, profiles: [{ ...profile, id: "primary" }] }] },
    ],
    [
      'sources[0].profiles[1].id: "profile-2" is a duplicate',
      { sources: [{ ...m3u, profiles: [{ ...profile, id: "profile-2" }, profile] }] },
    ],
  ])("is refused: %s", (message, file) => {
    expect(problem(file)).toBe(message)
  })
})
