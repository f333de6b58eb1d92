// biome-ignore-all lint/correctness/noNodejsModules: the script is read as a streamer does
// biome-ignore-all lint/style/noRestrictedImports: the script is read as a streamer does
import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { transcodeProfileSchema } from "../transcode/profile-config.ts"
import {
  addTranscodeProfile,
  changeTranscodeProfile,
  removeTranscodeProfile,
  saveTranscodeProfile,
  type TranscodeProfileChange,
  type TranscodeProfileRecords,
} from "./change-transcode-profile.ts"
import { copyConfig, restoreConfig } from "./config-copy.ts"
import { keys } from "./keys.ts"
import type { Origin } from "./records.ts"
import {
  readTranscodeProfileRecords,
  readTranscodeProfiles,
  saveTranscodeProfiles,
} from "./transcode-profiles.ts"

let store: TestStore
const script = readFileSync(new URL("save-transcode-profile.lua", import.meta.url), "utf8")

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

const written = (id: string, form: object = { arguments: "-c copy" }) =>
  transcodeProfileSchema.parse({ id, name: id, ...form })
const put = (ids: string[], origin: Origin = "file", replace = true) =>
  saveTranscodeProfiles(
    store.redis,
    ids.map((id) => written(id)),
    origin,
    { replace },
  )
const run = (names: string[], args: string[]) => store.redis.eval(script, names, args) as Promise<string>
const change = (decide: (records: TranscodeProfileRecords) => TranscodeProfileChange) =>
  saveTranscodeProfile(store.redis, run, decide)
const stored = async () => [...(await readTranscodeProfileRecords(store.redis)).keys()]
const version = async () => Number(await store.redis.get(keys.configVersion))
const builtIn = ["copy", "1080p", "720p", "480p", "audio", "adaptive"]

describe("transcode profiles", () => {
  it("are the built-in ones before any is configured", async () => {
    expect([...(await readTranscodeProfiles(store.redis)).keys()]).toEqual(builtIn)
  })

  it("are those of the configuration over the built-in ones, and raise the version", async () => {
    await put(["sd", "480p"])
    const profiles = await readTranscodeProfiles(store.redis)
    expect([...profiles.keys()]).toEqual([...builtIn, "sd"])
    expect(profiles.get("480p")).toMatchObject({ recipe: { kind: "arguments", words: ["-c", "copy"] } })
    expect(await version()).toBe(1)
  })

  it("of the same origin that are not named any more go; others stay", async () => {
    await put(["api"], "api")
    await put(["a", "b"])
    await put(["b", "c"])
    expect(await stored()).toEqual(["api", "b", "c"])
    await put(["d"], "file", false)
    expect(await stored()).toEqual(["api", "b", "c", "d"])
    await put([])
    expect(await stored()).toEqual(["api"])
  })

  it("are checked when they are read: no word that is refused comes out of the store", async () => {
    const damaged = { id: "480p", name: "x", arguments: "-i /etc/passwd", origin: "file" }
    await store.redis.hset(keys.transcodeProfiles, { "480p": JSON.stringify(damaged) })
    const profiles = await readTranscodeProfiles(store.redis)
    expect(profiles.has("480p")).toBe(false)
    expect(profiles.get("adaptive")).toMatchObject({ variants: ["1080p", "720p"] })
  })

  it("come back with the configuration that a store has lost", async () => {
    await put(["sd"])
    const copy = await copyConfig(store.redis)
    await store.redis.flushall()
    if (copy === null) throw new Error("no copy")
    expect(await restoreConfig(store.run, copy)).toBe(true)
    expect(await stored()).toEqual(["sd"])
    expect(await version()).toBe(2)
    expect(await restoreConfig(store.run, copy)).toBe(false)
  })
})

describe("a change of one", () => {
  it("adds it, changes it in part or in form, and deletes it", async () => {
    await put(["sd"])
    expect(await change((records) => addTranscodeProfile(records, written("hd")))).toMatchObject({ ok: true })
    await change((records) => changeTranscodeProfile(records, "hd", { name: "HD" }))
    const records = await readTranscodeProfileRecords(store.redis)
    expect(records.get("hd")).toEqual({ id: "hd", name: "HD", arguments: "-c copy", origin: "api" })
    await change((before) => changeTranscodeProfile(before, "sd", { video: "copy", audio: null }))
    const changed = (await readTranscodeProfileRecords(store.redis)).get("sd")
    expect(changed).toEqual({ id: "sd", name: "sd", video: "copy", audio: null, origin: "file" })
    await change((before) => removeTranscodeProfile(before, "hd"))
    expect(await stored()).toEqual(["sd"])
    expect(await version()).toBe(5)
  })

  it("puts one in place of a built-in one, which is back when that is deleted", async () => {
    const video = { codec: "h264", height: 480, bitrate: 900_000 }
    await change((records) => changeTranscodeProfile(records, "480p", { video }))
    expect((await readTranscodeProfiles(store.redis)).get("480p")).toMatchObject({
      recipe: { video: { bitrate: 900_000 }, audio: { codec: "aac" } },
    })
    await change((records) => removeTranscodeProfile(records, "480p"))
    expect((await readTranscodeProfiles(store.redis)).get("480p")).toMatchObject({
      recipe: { video: { bitrate: 1_400_000 } },
    })
  })

  it.each<[string, string, (records: TranscodeProfileRecords) => TranscodeProfileChange]>([
    ["deletes a built-in one", "conflict", (records) => removeTranscodeProfile(records, "480p")],
    ["deletes what is not there", "unknown_profile", (records) => removeTranscodeProfile(records, "none")],
    [
      "changes what is not there",
      "unknown_profile",
      (records) => changeTranscodeProfile(records, "none", {}),
    ],
    ["changes an id", "bad_request", (records) => changeTranscodeProfile(records, "sd", { id: "x" })],
    ["adds what is there", "conflict", (records) => addTranscodeProfile(records, written("sd"))],
    ["deletes what an adaptive one names", "conflict", (records) => removeTranscodeProfile(records, "sd")],
    [
      "makes a variant adaptive",
      "conflict",
      (records) => changeTranscodeProfile(records, "480p", { output: "hls", variants: ["copy", "720p"] }),
    ],
    [
      "names a variant that is not there",
      "bad_request",
      (records) => changeTranscodeProfile(records, "both", { variants: ["sd", "none"] }),
    ],
    [
      "has a bad word",
      "bad_request",
      (records) => changeTranscodeProfile(records, "sd", { arguments: "-i x" }),
    ],
  ])("is refused when it %s", async (_, code, decide) => {
    await put(["sd"])
    await change((records) =>
      addTranscodeProfile(records, written("both", { output: "hls", variants: ["sd", "copy"] })),
    )
    const before = await store.dump()
    expect(await change(decide)).toMatchObject({ ok: false, code })
    expect(await store.dump()).toEqual(before)
  })

  it("is decided anew when another one was saved meanwhile, and done once when its request is repeated", async () => {
    let decisions = 0
    const decide = (records: TranscodeProfileRecords) => {
      decisions++
      return addTranscodeProfile(records, written("hd"))
    }
    const afterAnother = async (names: string[], args: string[]) => {
      if (decisions === 1) await put(["sd"], "file", false)
      await run(names, args)
      return run(names, args)
    }
    expect(await saveTranscodeProfile(store.redis, afterAnother, decide)).toMatchObject({ ok: true })
    expect(decisions).toBe(2)
    expect(await stored()).toEqual(["hd", "sd"])
    expect(await version()).toBe(2)
  })
})
