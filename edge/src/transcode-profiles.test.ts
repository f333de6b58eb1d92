import { env } from "cloudflare:workers"
import { saveTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { beforeEach, expect, it } from "vitest"
import { edgeOf } from "./edge.ts"
import { startAfresh } from "./test-support/edge-under-test.ts"
import { redis, storeRoundTrips } from "./test-support/store.ts"
import { findTranscodeProfile, forgetTranscodeProfiles } from "./transcode-profiles.ts"

const edge = await edgeOf(env)

beforeEach(async () => {
  await startAfresh()
  forgetTranscodeProfiles(edge)
})

const put = (...ids: string[]) => {
  const profiles = ids.map((id) => transcodeProfileSchema.parse({ id, arguments: "-c copy" }))
  return saveTranscodeProfiles(redis, profiles, "file", { replace: true })
}
const find = async (id: string, now: number) => (await findTranscodeProfile(edge, id, now))?.id ?? null

it("reads the transcode profiles once in a few seconds, the built-in ones too", async () => {
  await put("sd")
  const before = await storeRoundTrips()
  expect(await find("sd", 0)).toBe("sd")
  expect(await find("480p", 4_999)).toBe("480p")
  expect((await storeRoundTrips()) - before).toBe(1)
  await put()
  expect(await find("sd", 4_999)).toBe("sd")
  expect(await find("sd", 5_000)).toBeNull()
})

it("looks for what it does not know at once, but at most once a second", async () => {
  expect(await find("480p", 0)).toBe("480p")
  await put("sd")
  const before = await storeRoundTrips()
  expect(await find("sd", 999)).toBeNull()
  expect(await storeRoundTrips()).toBe(before)
  expect(await find("sd", 1_000)).toBe("sd")
})
