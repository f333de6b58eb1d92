import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { ChannelEdit } from "../catalogue/edit.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { readEdits, readEditsOf, readVersionedEdits, type StoredEdits, saveEdits } from "./edits.ts"
import { keys, publishJob } from "./keys.ts"

const script = readFileSync(new URL("save-edits.lua", import.meta.url), "utf8")
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

const saveFrom = (stored: StoredEdits, changes: Record<string, ChannelEdit | null>) =>
  saveEdits(
    (names, args) => store.redis.createScript<string>(script).exec(names, args),
    stored,
    new Map(Object.entries(changes)),
  )
const save = async (changes: Record<string, ChannelEdit | null>) =>
  saveFrom(await readVersionedEdits(store.redis), changes)
const version = async () => Number(await store.redis.get(keys.configVersion))

describe("edits", () => {
  it("are none before the first", async () => {
    expect(await readEdits(store.redis)).toEqual(new Map())
    expect(await readVersionedEdits(store.redis)).toEqual({ version: "", edits: new Map() })
    expect(await readEditsOf(store.redis, ["101"])).toEqual(new Map())
    expect(await readEditsOf(store.redis, [])).toEqual(new Map())
  })

  it("are read as they were saved, all or some of them", async () => {
    const one = { name: '007 "Ü"\u2028', groups: [], number: 0 }
    const two = { hidden: true, merge: ["123456789"] }
    expect(await save({ 101: one, 102: two, 103: { name: "x" } })).toBe(true)
    expect(await readEdits(store.redis)).toEqual(
      new Map<string, ChannelEdit>([
        ["101", one],
        ["102", two],
        ["103", { name: "x" }],
      ]),
    )
    expect(await readEditsOf(store.redis, ["102", "none", "101"])).toEqual(
      new Map<string, ChannelEdit>([
        ["102", two],
        ["101", one],
      ]),
    )
  })

  it("go when they are null, and others stay", async () => {
    await save({ 101: { name: "a" }, 102: { name: "b" } })
    await save({ 101: null, 103: null })
    expect(await readEdits(store.redis)).toEqual(new Map([["102", { name: "b" }]]))
  })

  it("raise the version by one and have a snapshot made at once, whatever is being published", async () => {
    await store.redis.zadd(keys.importsDue, { score: 9e12, member: publishJob })
    await save({ 101: { name: "a" }, 102: { name: "b" } })
    expect(await version()).toBe(1)
    expect(Number(await store.redis.zscore(keys.importsDue, publishJob))).toBe(0)
    await save({ 101: null })
    expect(await version()).toBe(2)
  })

  it("are not saved, none of them, when one of them changed since they were read", async () => {
    await save({ 101: { name: "a" }, 102: { name: "b" } })
    for (const change of [{ 101: { name: "A" } }, { 101: null }, { 103: { name: "c" } }]) {
      const read = await readVersionedEdits(store.redis)
      await save(change)
      const before = await store.dump()
      const changes = { 104: { name: "d" }, 101: { name: "x" }, 102: { name: "x" }, 103: { name: "x" } }
      expect(await saveFrom(read, changes)).toBe(false)
      expect(await store.dump()).toEqual(before)
    }
  })

  it("are saved whatever changes of other channels at that time", async () => {
    const read = await readVersionedEdits(store.redis)
    await save({ 101: { name: "a" } })
    expect(await saveFrom(read, { 102: { name: "b" } })).toBe(true)
    expect((await readEdits(store.redis)).size).toBe(2)
  })

  it("that merge channels are not saved when anything changed since they were read", async () => {
    const first = await readVersionedEdits(store.redis)
    await save({ 101: { merge: ["100000102"] } })
    const before = await store.dump()
    expect(await saveFrom(first, { 102: { merge: ["100000101"] } })).toBe(false)
    expect(await store.dump()).toEqual(before)
    expect(await save({ 103: { merge: ["100000104"] } })).toBe(true)
  })

  it("of thousands of channels are saved at once", async () => {
    const ids = Array.from({ length: 5_000 }, (_, at) => String(100_000_000 + at))
    await save(Object.fromEntries(ids.map((id) => [id, { hidden: true }])))
    expect((await readEditsOf(store.redis, ids)).size).toBe(5_000)
    expect(await version()).toBe(1)
  })
})
