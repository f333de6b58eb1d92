import { type SettingsAnswer, settingsAnswerSchema } from "@tributary/shared/admin-api/settings"
import { defaultSettings } from "@tributary/shared/config/settings"
import { keys, publishJob } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { ask as askEdge, publishChannels, startAfresh } from "../../test-support/edge-under-test.ts"
import {
  forgetCalls,
  redis,
  registerStreamer,
  setSettings,
  setStore,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

beforeEach(startAfresh)

async function ask<Body = SettingsAnswer>(method = "GET", body?: unknown) {
  const response = await askAsAdmin("/settings", method, body)
  return { status: response.status, body: await response.json<Body>() }
}

describe("GET /api/settings", () => {
  it("gives all that are in force as one writes them, their defaults, and where they differ", async () => {
    await setSettings({ maxRetries: "7", poolGrace: "90s", publicPlaylist: "true", sortField: "tvg-name" })
    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(settingsAnswerSchema.parse(body)).toEqual({
      settings: { ...defaultSettings, maxRetries: 7, poolGrace: "90s", publicPlaylist: true },
      defaults: defaultSettings,
      changed: ["publicPlaylist", "maxRetries", "poolGrace"],
      configured: ["publicPlaylist", "maxRetries", "poolGrace", "sortField"],
      atNextStart: ["obfuscateUrls", "debug"],
    })
  })

  it("says that the store is away", async () => {
    await setStore("refuse")
    expect(await ask()).toMatchObject({ status: 503, body: { error: { code: "store_unavailable" } } })
  })
})

describe("PATCH /api/settings", () => {
  it("changes what is given, at once, and null puts it back", async () => {
    await publishChannels("public", [{ id: "101", name: "News" }])
    const playlist = async () => {
      const response = await askEdge("/playlist.m3u8")
      await response.body?.cancel()
      return response.status
    }
    expect(await playlist()).toBe(401)
    const changed = { publicPlaylist: true, poolGrace: "1m", hlsVariant: 900_000 }
    expect(await ask("PATCH", changed)).toEqual({
      status: 200,
      body: {
        ...{ settings: { ...defaultSettings, ...changed }, defaults: defaultSettings },
        ...{ changed: ["publicPlaylist", "poolGrace", "hlsVariant"], configured: [] },
        atNextStart: ["obfuscateUrls", "debug"],
      },
    })
    expect((await ask()).body.settings).toMatchObject(changed)
    expect(await playlist()).toBe(200)
    const { body } = await ask("PATCH", { publicPlaylist: null })
    expect([body.settings.publicPlaylist, body.changed]).toEqual([false, ["poolGrace", "hlsVariant"]])
    expect(await playlist()).toBe(401)
  })

  it("has a snapshot made where it shapes the playlist, and tells a streamer of it", async () => {
    await registerStreamer("one")
    await forgetCalls()
    await ask("PATCH", { groupBy: "quality" })
    expect(Number(await redis.zscore(keys.importsDue, publishJob))).toBe(0)
    expect((await streamerCalls()).map(({ path }) => path)).toEqual([
      expect.stringContaining("/internal/imports"),
    ])
    await forgetCalls()
    await ask("PATCH", { groupBy: "quality" })
    expect(await streamerCalls()).toEqual([])
  })

  it.each([
    [
      "a wrong one beside a right one",
      { maxRetries: 1, poolGrace: "soon" },
      'poolGrace: "soon" is not a duration such as 30m, 5s or 12h',
    ],
    ["what is none", { nothing: null }, "nothing: unknown key"],
    ["too little", { maxFailuresBeforeBlock: 0 }, "maxFailuresBeforeBlock: must be at least 1"],
    ["a list", [], 'must be an object, like {"key": …}'],
    ["no JSON", "{", "The body is not JSON."],
  ])("refuses %s, and changes nothing", async (_, patch, message) => {
    await setSettings({ maxRetries: 7 })
    const before = await storeContents()
    expect(await ask<unknown>("PATCH", patch)).toEqual({
      ...{ status: 400, body: { error: { code: "bad_request", message } } },
    })
    expect(await storeContents()).toEqual(before)
  })
})
