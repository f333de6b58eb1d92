import { env } from "cloudflare:workers"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { beforeEach, describe, expect, it } from "vitest"
import { edgeOf } from "../../edge.ts"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { forgetCalls, registerStreamer, secretKeys, streamerCalls } from "../../test-support/store.ts"
import {
  addPanelAndList,
  askMasked,
  profileQuestions,
  setProfileCheck,
  storedBesideAudit,
} from "./profiles-fixture.ts"
import { check } from "./source-check.ts"

const good = {
  ...{ ok: true, status: "active", maxConnections: 2, activeConnections: 1, expiresAt: 1_900_000_000_000 },
  ...{ message: "The login works.", suggestedType: null },
}
const draft = {
  ...{ type: "xtream", url: "http://new.example/panel-path", username: "panel-user", password: "s3cret" },
}

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await addPanelAndList()
  await setProfileCheck(good)
})

const test = (profile = "b", source = "acme") =>
  askMasked(`/sources/${source}/profiles/${profile}/test`, "POST")
const testDraft = (body: unknown) => askMasked("/sources/test", "POST", body)

describe("testing a profile", () => {
  it("asks the streamer with fewest viewers, and hands on what it says", async () => {
    await registerStreamer("busy", { viewers: 5 })
    await registerStreamer("calm")
    const before = await storedBesideAudit()
    expect(await test()).toEqual({ status: 200, body: good })
    const [call, ...others] = await profileQuestions()
    expect(others).toEqual([])
    expect(call).toMatchObject({
      ...{ method: "POST", path: "/streamer/calm/internal/profiles/test" },
      question: { source: "acme", profile: "b" },
    })
    const now = Date.now() / 1000
    expect(await isTierCall(secretKeys, "streamer-internal", call?.authorization, now)).toBe(true)
    expect(await storedBesideAudit()).toEqual(before)
  })

  it("hands on that the login does not work, without addresses", async () => {
    await registerStreamer("one")
    const bad = {
      ok: false,
      status: "wrong_server",
      maxConnections: null,
      activeConnections: null,
      expiresAt: null,
    }
    await setProfileCheck({ ...bad, message: "fetch http://panel.example/get.php failed", more: "s3cret" })
    const said = { ...bad, message: "fetch [address] failed", suggestedType: null }
    expect(await test("primary")).toEqual({ status: 200, body: said })
  })

  it("tests a login before it is stored", async () => {
    await registerStreamer("one")
    const before = await storedBesideAudit()
    expect(await testDraft(draft)).toEqual({ status: 200, body: good })
    expect(await profileQuestions()).toMatchObject([{ question: { draft } }])
    expect(await storedBesideAudit()).toEqual(before)
  })

  it("tests a list before it is stored, with the headers that it needs, and hands on what it is better added as", async () => {
    await registerStreamer("one")
    await setProfileCheck({ ...good, suggestedType: "xtream" })
    const list = {
      type: "m3u",
      url: "http://new.example/get.php",
      userAgent: "Own",
      headers: { Referer: "r" },
    }
    expect(await testDraft(list)).toEqual({ status: 200, body: { ...good, suggestedType: "xtream" } })
    expect(await profileQuestions()).toMatchObject([{ question: { draft: list } }])
  })

  it("tests a source by its primary profile", async () => {
    await registerStreamer("one")
    expect(await askMasked("/sources/list/test", "POST")).toEqual({ status: 200, body: good })
    expect(await profileQuestions()).toMatchObject([{ question: { source: "list", profile: "primary" } }])
    expect(await askMasked("/sources/none/test", "POST")).toMatchObject({ status: 404 })
  })

  it.each([
    ["", "The body is not JSON."],
    [{ ...draft, type: "dvb" }, 'type: must be "xtream" or "m3u"'],
    [
      { ...draft, type: "m3u", password: undefined },
      "password: is missing: a login is a username and a password",
    ],
    [{ ...draft, url: "new.example" }, "url: must be an http:// or https:// URL"],
    [{ ...draft, password: "" }, "password: must not be empty"],
    [{ ...draft, username: undefined }, "username: is missing: an xtream source needs it"],
    [{ ...draft, name: "x" }, "name: unknown key"],
    [
      { ...draft, username: "p•••" },
      "username: is what is shown in its place; leave it out, or write it in full",
    ],
  ])("says what is wrong with a login that is typed: %j", async (body, message) => {
    await registerStreamer("one")
    expect(await testDraft(body)).toEqual({
      ...{ status: 400, body: { error: { code: "bad_request", message } } },
    })
    expect(await streamerCalls()).toEqual([])
  })

  it("asks nobody about a source or profile that is not there", async () => {
    await registerStreamer("one")
    expect(await test("none")).toMatchObject({ status: 404, body: { error: { code: "unknown_profile" } } })
    expect(await test("b", "none")).toMatchObject({
      status: 404,
      body: { error: { code: "unknown_source" } },
    })
    expect(await streamerCalls()).toEqual([])
  })
})

describe("a test that nobody can make", () => {
  const unavailable = (message: string) => ({
    ...{ status: 503, body: { error: { code: "no_streamer", message, retryAfterSeconds: 5 } } },
  })
  const unasked = unavailable("The streamer could not be asked to test this; try again soon.")

  it("says that no streamer is running", async () => {
    const answer = unavailable("No streamer is running right now, which alone may ask a provider.")
    expect(await test()).toEqual(answer)
    expect(await testDraft(draft)).toEqual(answer)
    await registerStreamer("draining", { draining: true })
    expect(await test()).toEqual(answer)
  })

  it.each([
    "<html>",
    "null",
    JSON.stringify({ ...good, ok: "yes" }),
    JSON.stringify({ ...good, maxConnections: undefined }),
  ])("says that the streamer answered nonsense: %s", async (answer) => {
    await registerStreamer("one")
    await setProfileCheck(answer)
    expect(await test()).toEqual(unasked)
  })

  it("says that the streamer fails, whatever it answers", async () => {
    await registerStreamer("one", { internalAddress: `${env.CONTROL_URL}/failing-streamer/one` })
    expect(await test()).toEqual(unasked)
  })

  it("says that the streamer is gone", async () => {
    await registerStreamer("one", { internalAddress: "http://127.0.0.1:1" })
    expect(await test()).toEqual(unasked)
  })

  it("does not wait for ever", async () => {
    await registerStreamer("one")
    await setProfileCheck(null)
    const response = await check(await edgeOf(env), { source: "acme", profile: "b" }, { timeout: 50 })
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"])
    expect(await response.json()).toMatchObject({
      error: { code: "no_streamer", message: "The streamer did not answer within 0.05 s." },
    })
  })
})
