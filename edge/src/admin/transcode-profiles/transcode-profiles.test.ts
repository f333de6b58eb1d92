import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { keys } from "@tributary/shared/store/keys"
import { saveTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { redis, setStore, storeContents } from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

const path = "/transcode-profiles"
const sd = { id: "sd", name: "SD", output: "mpegts", arguments: "-c copy" }

beforeEach(async () => {
  await startAfresh()
  await saveTranscodeProfiles(redis, [transcodeProfileSchema.parse(sd)], "file", { replace: true })
})

async function ask<Body = TranscodeProfileRow>(where: string, method = "GET", body?: unknown) {
  const response = await askAsAdmin(`${path}${where}`, method, body)
  return { status: response.status, body: await response.json<Body>() }
}
const list = async () => (await ask<TranscodeProfileRow[]>("")).body
const version = async () => Number(await redis.get(keys.configVersion))

/** What is refused, with nothing changed. */
async function refusal(where: string, method: string, body?: unknown) {
  const before = await storeContents()
  const answer = await ask<{ error: { code: string; message: string } }>(where, method, body)
  expect(await storeContents()).toEqual(before)
  return [answer.status, answer.body.error.code, answer.body.error.message]
}

describe("GET /api/transcode-profiles", () => {
  it("lists the built-in ones, then those that are configured, and gives one", async () => {
    const rows = await list()
    expect(rows.map(({ id, builtIn, origin }) => [id, builtIn, origin])).toEqual([
      ...["copy", "1080p", "720p", "480p", "audio", "adaptive"].map((id) => [id, true, null]),
      ["sd", false, "file"],
    ])
    expect(rows[0]).toMatchObject({ output: "mpegts", video: "copy", audio: "copy" })
    expect(rows[5]).toMatchObject({ output: "hls", variants: ["1080p", "720p", "480p"] })
    expect(await ask("/sd")).toEqual({ status: 200, body: { ...sd, builtIn: false, origin: "file" } })
    expect(await ask("/none")).toMatchObject({ status: 404, body: { error: { code: "unknown_profile" } } })
  })

  it("says that the store is away", async () => {
    await setStore("refuse")
    expect(await ask("")).toMatchObject({ status: 503, body: { error: { code: "store_unavailable" } } })
  })
})

describe("POST /api/transcode-profiles", () => {
  it("adds one, which is in force at once", async () => {
    const before = await version()
    const hd = { id: "hd", name: "HD", video: { codec: "hevc", height: 1080 }, audio: null }
    const row = {
      ...{ id: "hd", name: "HD", output: "mpegts", audio: null, builtIn: false, origin: "api" },
      video: { codec: "hevc", height: 1080, bitrate: null, frameRate: null },
    }
    expect(await ask("", "POST", hd)).toEqual({ status: 201, body: row })
    expect(await ask("/hd")).toEqual({ status: 200, body: row })
    expect(await version()).toBe(before + 1)
  })

  it.each([
    ["what is there", { ...sd }, [409, "conflict", 'id: there is a transcode profile "sd" already']],
    ["no id", { name: "x", arguments: "-c copy" }, [400, "bad_request", "id: is missing"]],
    [
      "another input",
      { ...sd, id: "x", arguments: "-c copy -i /etc/passwd" },
      [400, "bad_request", expect.stringContaining('arguments: has "-i": ')],
    ],
    [
      "an odd height",
      { id: "x", video: { height: 481 }, audio: null },
      [400, "bad_request", "video.height: must be even, like 480"],
    ],
    [
      "a variant that is not there",
      { id: "x", variants: ["sd", "8k"] },
      [400, "bad_request", 'variants[1]: there is no transcode profile "8k"'],
    ],
    ["no JSON", "{", [400, "bad_request", "The body is not JSON."]],
  ])("refuses %s, naming it", async (_, body, answer) => {
    expect(await refusal("", "POST", body)).toEqual(answer)
  })
})

describe("PATCH /api/transcode-profiles/{id}", () => {
  it("changes what is given; another form takes the place of the one it had", async () => {
    const named = { ...sd, name: "Small", builtIn: false, origin: "file" }
    expect(await ask("/sd", "PATCH", { name: "Small" })).toEqual({ status: 200, body: named })
    const { arguments: _, ...rest } = named
    const body = { ...rest, output: "hls", variants: ["480p", "audio"] }
    expect(await ask("/sd", "PATCH", { output: "hls", variants: ["480p", "audio"] })).toEqual({
      status: 200,
      body,
    })
  })

  it("puts one in place of a built-in one, and deleting it brings that back", async () => {
    const [before] = await list()
    const changed = await ask("/copy", "PATCH", { audio: { codec: "aac" } })
    expect(changed.body).toMatchObject({
      video: "copy",
      audio: { codec: "aac" },
      builtIn: true,
      origin: "api",
    })
    expect((await list())[0]).toEqual(changed.body)
    expect(await ask("/copy", "DELETE")).toEqual({ status: 200, body: { deleted: true } })
    expect((await list())[0]).toEqual(before)
  })

  it.each([
    ["/none", {}, [404, "unknown_profile", 'There is no transcode profile "none".']],
    ["/sd", { id: "x" }, [400, "bad_request", "id: cannot be changed"]],
    ["/sd", { width: 1 }, [400, "bad_request", "width: unknown key"]],
    ["/sd", [], [400, "bad_request", "must be an object"]],
    [
      "/480p",
      { output: "hls", variants: ["copy", "sd"] },
      [409, "conflict", 'the adaptive profile "adaptive" names "480p": "480p" has variants itself'],
    ],
  ])("refuses what it cannot do: %s %j", async (where, body, answer) => {
    expect(await refusal(where, "PATCH", body)).toEqual(answer)
  })
})

describe("DELETE /api/transcode-profiles/{id}", () => {
  it("deletes one", async () => {
    expect(await ask("/sd", "DELETE")).toEqual({ status: 200, body: { deleted: true } })
    expect((await ask("/sd")).status).toBe(404)
  })

  it("refuses a built-in one, one that is not there, and one that an adaptive one names", async () => {
    await ask("", "POST", { id: "both", variants: ["sd", "480p"] })
    expect(await refusal("/480p", "DELETE")).toEqual([
      ...[409, "conflict", '"480p" is built in: it can be replaced, not deleted'],
    ])
    expect(await refusal("/none", "DELETE")).toEqual([
      ...[404, "unknown_profile", 'There is no transcode profile "none".'],
    ])
    expect(await refusal("/sd", "DELETE")).toEqual([
      ...[409, "conflict", 'the adaptive profile "both" names "sd": there is no transcode profile "sd"'],
    ])
  })
})
