import {
  type TranscodeRun,
  type TranscodeTest,
  transcodeTestSchema,
} from "@tributary/shared/admin-api/transcode-profiles"
import { saveTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import {
  forgetCalls,
  redis,
  registerStreamer,
  type StreamerCall,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { askJson, type Refusal, setAnswer } from "../streamers/streamers-fixture.ts"

const run = (profile: string, more: Partial<TranscodeRun> = {}): TranscodeRun => ({
  ...{ profile, ok: true, command: `ffmpeg ${profile}`, hardware: null, seconds: 4, speed: 3.2, width: 854 },
  ...{ height: 480, videoCodec: "h264", audioCodec: "aac", framesPerSecond: 25, bytesPerSecond: 180_000 },
  ...{ message: "ffmpeg took 1.2 s.", durationMs: 1_200 },
  ...more,
})
const draft = { name: "New", video: { height: 480 }, audio: "copy" }
const call = "POST /transcodes/test"

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
})

const test = (body: unknown) => askJson<TranscodeTest & Refusal>("/transcode-profiles/test", "POST", body)
/** The profiles that streamers were asked to run. */
const asked = async () => {
  const calls = (await streamerCalls()) as (StreamerCall & { body: string })[]
  return calls.map(({ path, body }) => [path, JSON.parse(body).profiles])
}

describe("POST /api/transcode-profiles/test", () => {
  it("has the streamer with fewest viewers run a profile that is not saved", async () => {
    await registerStreamer("busy", { viewers: 5 })
    await registerStreamer("calm")
    await setAnswer("calm", call, { runs: [run("unsaved")] })
    const before = await storeContents()
    const { status, body } = await test(draft)
    expect(status).toBe(200)
    expect(transcodeTestSchema.parse(body)).toEqual(body)
    const { profile: _, ...result } = run("unsaved")
    expect(body).toEqual({ ...result, variants: [] })
    expect(await asked()).toMatchObject([
      ["/streamer/calm/internal/transcodes/test", [{ id: "unsaved", video: { height: 480 }, audio: "copy" }]],
    ])
    // That somebody asked is noted.
    const { audit: _audit, ...after } = await storeContents()
    expect(after).toEqual(before)
  })

  it("has each variant of an adaptive one run as it is in force", async () => {
    await registerStreamer("one")
    const sd = { id: "sd", name: "SD", arguments: "-c copy" }
    const replaced = { id: "480p", video: { height: 240 }, audio: "copy" }
    const profiles = [sd, replaced].map((profile) => transcodeProfileSchema.parse(profile))
    await saveTranscodeProfiles(redis, profiles, "file", { replace: true })
    const runs = [run("sd"), run("720p", { ok: false, message: "ffmpeg failed: x" }), run("480p")]
    await setAnswer("one", call, { runs })
    const { body } = await test({ id: "mine", variants: ["sd", "720p", "480p"] })
    expect(transcodeTestSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      ...{ ok: false, command: "ffmpeg sd\nffmpeg 720p\nffmpeg 480p", seconds: null, videoCodec: null },
      ...{ message: "720p: ffmpeg failed: x", durationMs: 3_600, variants: runs },
    })
    const [[, sent] = []] = await asked()
    expect(sent).toMatchObject([
      { id: "sd", arguments: "-c copy" },
      { id: "720p", video: { codec: "h264", height: 720 } },
      { id: "480p", video: { codec: "h264", height: 240 } },
    ])
    for (const profile of sent) expect(profile).not.toHaveProperty("origin")
  })

  it.each([
    ["", "The body is not JSON."],
    ["7", 'must be an object, like {"key": …}'],
    [{}, "arguments: is missing: a profile has arguments, or video and audio, or variants"],
    [{ ...draft, video: { height: 481 } }, "video.height: must be even, like 480"],
    [{ ...draft, extra: 1 }, "extra: unknown key"],
    [{ ...draft, id: "a b" }, "id: must be letters, digits, - and _ (at most 64)"],
    [{ arguments: "-c:v 'libx264" }, /^arguments: /],
    [{ variants: ["480p", "none"] }, 'variants[1]: there is no transcode profile "none"'],
    [{ variants: ["480p", "adaptive"] }, 'variants[1]: "adaptive" has variants itself'],
    [{ id: "me", variants: ["480p", "me"] }, 'variants[1]: "me" is this profile itself'],
  ])("says what is wrong with %j", async (body, message) => {
    await registerStreamer("one")
    const { status, body: answer } = await test(body)
    expect([status, answer.error.code]).toEqual([400, "bad_request"])
    if (typeof message === "string") expect(answer.error.message).toBe(message)
    else expect(answer.error.message).toMatch(message)
    expect(await streamerCalls()).toEqual([])
  })

  it.each([
    ["conflict", 409, 409],
    ["transcode_failed", 502, 502],
    ["bad_request", 400, 400],
    ["internal", 500, 503],
    ["unauthorized", 401, 503],
  ])("hands on that the streamer cannot: %s", async (code, status, shown) => {
    await registerStreamer("one")
    await setAnswer("one", call, { error: { code, message: "No, by http://1.2.3.4/x." } }, status)
    const { status: given, body } = await test(draft)
    expect(given).toBe(shown)
    expect(body.error).toMatchObject(
      shown === 503
        ? { code: "no_streamer", message: "The streamer could not test this; try again soon." }
        : { code, message: expect.stringMatching(/^No, by \[address\]/) },
    )
  })

  it("says that no streamer runs, or that its answer is nonsense", async () => {
    expect(await test(draft)).toMatchObject({ status: 503, body: { error: { code: "no_streamer" } } })
    await registerStreamer("one")
    for (const answer of [{ runs: [] }, { runs: [{ ...run("x"), ok: "yes" }] }, [1]]) {
      await setAnswer("one", call, answer)
      expect(await test(draft)).toMatchObject({ status: 503, body: { error: { code: "no_streamer" } } })
    }
  })
})
