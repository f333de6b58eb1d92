import { describe, expect, it } from "vitest"
import { describeIssue } from "./describe-issue.ts"
import { environmentName, settingNames, settingsFromEnvironment, settingsSchema } from "./settings.ts"

const MiB = 1024 * 1024

/** The variable, the setting, its default as the tiers see it. */
const contract = [
  ["PUBLIC_PLAYLIST", "publicPlaylist", false],
  ["STREAM_MODE", "streamMode", "restream"],
  ["MAX_RETRIES", "maxRetries", 3],
  ["MAX_FAILURES_BEFORE_BLOCK", "maxFailuresBeforeBlock", 5],
  ["RETRY_DELAY", "retryDelay", 5],
  ["STALL_TIMEOUT", "stallTimeout", 5],
  ["POOL_GRACE", "poolGrace", 10],
  ["IMPORT_REFRESH_INTERVAL", "importRefreshInterval", 12 * 3600],
  ["IMPORT_MAX_SHRINK", "importMaxShrink", 0.5],
  ["WORKER_THREADS", "workerThreads", 4],
  ["MAX_BUFFER_SIZE", "maxBufferSize", 256 * MiB],
  ["BUFFER_SIZE_PER_STREAM", "bufferSizePerStream", 16 * MiB],
  ["MAX_TRANSCODES", "maxTranscodes", 0],
  ["MAX_TRANSCODE_VIEWERS", "maxTranscodeViewers", 0],
  ["SORT_FIELD", "sortField", "tvg-name"],
  ["SORT_DIRECTION", "sortDirection", "asc"],
  ["GROUP_BY", "groupBy", "name"],
  ["HLS_VARIANT", "hlsVariant", "highest"],
  ["USER_AGENT", "userAgent", "VLC/3.0.18 LibVLC/3.0.18"],
  ["REQ_ORIGIN", "reqOrigin", ""],
  ["REQ_REFERRER", "reqReferrer", ""],
  ["OBFUSCATE_URLS", "obfuscateUrls", true],
  ["DEBUG", "debug", false],
  ["CACHE_ENABLED", "cacheEnabled", true],
  ["CACHE_DURATION", "cacheDuration", 1800],
] as const

const fromEnvironment = (environment: Record<string, string>) =>
  settingsSchema.safeParse(settingsFromEnvironment(environment))

function problem(environment: Record<string, string>): string {
  const { error } = fromEnvironment(environment)
  return error === undefined ? "accepted" : describeIssue(error)
}

describe("settings", () => {
  it.each(contract)("%s is %s, by default %j", (variable, name, fallback) => {
    expect(environmentName(name)).toBe(variable)
    expect(settingsSchema.parse({})[name]).toEqual(fallback)
  })

  it("are these and no others", () => {
    expect(settingNames).toEqual(contract.map(([, name]) => name))
  })

  it("are read from the environment's texts", () => {
    const { data } = fromEnvironment({
      PUBLIC_PLAYLIST: "true",
      OBFUSCATE_URLS: "false",
      STREAM_MODE: "direct",
      MAX_RETRIES: "0",
      IMPORT_MAX_SHRINK: "0.9",
      POOL_GRACE: "1m30s",
      MAX_BUFFER_SIZE: "2097152",
      GROUP_BY: "tvg-id",
      USER_AGENT: "007",
    })
    expect(data).toMatchObject({
      publicPlaylist: true,
      obfuscateUrls: false,
      streamMode: "direct",
      maxRetries: 0,
      importMaxShrink: 0.9,
      poolGrace: 90,
      maxBufferSize: 2 * MiB,
      groupBy: "tvg-id",
      userAgent: "007",
    })
  })

  it("ignore variables that are unset, empty or somebody else's", () => {
    expect(
      settingsFromEnvironment({ DEBUG: "", POOL_GRACE: undefined, PATH: "/bin", poolGrace: "1s" }),
    ).toEqual({})
  })

  it.each([
    ["highest", "highest"],
    ["lowest", "lowest"],
    ["2500000", 2_500_000],
    [2_500_000, 2_500_000],
  ])("HLS_VARIANT may be %j", (written, read) => {
    expect(settingsSchema.parse({ hlsVariant: written }).hlsVariant).toBe(read)
  })

  const variant = 'hlsVariant: must be "highest", "lowest" or a bandwidth in bit/s'
  it.each([
    ["PUBLIC_PLAYLIST", "yes", "publicPlaylist: must be true or false"],
    ["DEBUG", "1", "debug: must be true or false"],
    ["CACHE_ENABLED", "TRUE", "cacheEnabled: must be true or false"],
    ["STREAM_MODE", "fast", 'streamMode: must be "restream" or "direct"'],
    ["SORT_DIRECTION", "up", 'sortDirection: must be "asc" or "desc"'],
    ["GROUP_BY", "id", 'groupBy: must be "name", "tvg-id" or "quality"'],
    ["MAX_RETRIES", "many", "maxRetries: must be a whole number"],
    ["MAX_RETRIES", "1.5", "maxRetries: must be a whole number"],
    ["MAX_RETRIES", "0x10", "maxRetries: must be a whole number"],
    ["MAX_RETRIES", " ", "maxRetries: must be a whole number"],
    ["MAX_RETRIES", "-1", "maxRetries: must be at least 0"],
    ["WORKER_THREADS", "0", "workerThreads: must be at least 1"],
    ["MAX_BUFFER_SIZE", "256MB", "maxBufferSize: must be a whole number"],
    ["MAX_BUFFER_SIZE", "5", `maxBufferSize: must be at least ${MiB}`],
    ["POOL_GRACE", "10", 'poolGrace: "10" is not a duration such as 30m, 5s or 12h'],
    ["POOL_GRACE", "25d", "poolGrace: must be at most 24d"],
    ["IMPORT_REFRESH_INTERVAL", "0s", "importRefreshInterval: must be at least 1s"],
    ["IMPORT_MAX_SHRINK", "50%", "importMaxShrink: must be from 0 to 1"],
    ["IMPORT_MAX_SHRINK", "1.5", "importMaxShrink: must be from 0 to 1"],
    ["STALL_TIMEOUT", "0s", "stallTimeout: must be at least 0.1s"],
    ["HLS_VARIANT", "best", variant],
    ["HLS_VARIANT", "0", variant],
    ["HLS_VARIANT", "-5", variant],
    ["HLS_VARIANT", "2.5e6", variant],
  ])("%s=%s is refused in words that name it", (variable, text, message) => {
    expect(problem({ [variable]: text })).toBe(message)
  })

  it.each([
    ["maxRetries", true, "must be a whole number"],
    ["maxRetries", null, "must be a whole number"],
    ["maxRetries", [], "must be a whole number"],
    ["poolGrace", 10, "must be a duration such as 30m, 5s or 12h"],
    ["publicPlaylist", 1, "must be true or false"],
    ["hlsVariant", [5], 'must be "highest", "lowest" or a bandwidth in bit/s'],
    ["userAgent", 7, "must be a text"],
    ["userAgent", "", "must not be empty"],
  ])("a file's %s may not be %j", (name, value, message) => {
    const { error } = settingsSchema.safeParse({ [name]: value })
    expect(error && describeIssue(error)).toBe(`${name}: ${message}`)
  })

  it("that nobody knows are refused by name", () => {
    const { error } = settingsSchema.safeParse({ poolGraze: "5s" })
    expect(error && describeIssue(error)).toBe("poolGraze: unknown key")
  })
})
