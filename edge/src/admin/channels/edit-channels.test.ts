import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import { readEdits } from "@tributary/shared/store/edits"
import { keys, publishJob } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import {
  forgetCalls,
  redis,
  registerStreamer,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { askAsAdmin, putRows, row } from "../admin-fixture.ts"

const feeds = (...names: string[]) => names.map((id) => ({ id, source: "acme", name: id }))
const [a, b, c, d] = ["100000001", "100000002", "100000003", "100000004"]
const [movie, none] = ["100000005", "200000001"]

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await putRows([
    row(a, { name: "A", feeds: feeds("a1", "a2", "a3") }),
    row(b, { name: "B", feeds: feeds("b1") }),
    row(c, { name: "C" }),
    row(d, { name: "D", hidden: true, feeds: feeds("d1", "d2") }),
    row(movie, { kind: "movie" }),
  ])
})

const patch = (id: string, change: unknown) => askAsAdmin(`/channels/${id}`, "PATCH", change)
async function edited(id: string, change: ChannelEdit): Promise<ChannelEdit | null> {
  const response = await patch(id, change)
  const body = await response.json<{ id: string; edit: ChannelEdit | null }>()
  expect(body).toMatchObject({ id })
  expect(response.status).toBe(200)
  return body.edit
}
async function refusal(path: string, body: unknown) {
  const before = await storeContents()
  const response = await askAsAdmin(path, "PATCH", body)
  const { error } = await response.json<{ error: { code: string; message: string } }>()
  expect(await storeContents()).toEqual(before)
  return [response.status, error.code, error.message]
}
const stored = () => readEdits(redis)
const version = async () => Number(await redis.get(keys.configVersion))
const isPublishDue = async () => (await redis.zscore(keys.importsDue, publishJob)) !== null

describe("PATCH /api/channels/{id}", () => {
  it("changes the keys that are given, removes those that are null, and gives the new edit", async () => {
    expect(await edited(a, { name: "One", hidden: true })).toEqual({ name: "One", hidden: true })
    expect(await edited(a, { number: 7, hidden: null })).toEqual({ name: "One", number: 7 })
    expect(await stored()).toEqual(new Map([[a, { name: "One", number: 7 }]]))
    expect(await edited(a, { name: null, number: null })).toBeNull()
    expect(await stored()).toEqual(new Map())
  })

  it("has a snapshot made at once, and a streamer told of it", async () => {
    await registerStreamer("one")
    await edited(a, { name: "One" })
    expect(Number(await redis.zscore(keys.importsDue, publishJob))).toBe(0)
    expect(await isPublishDue()).toBe(true)
    expect(await version()).toBe(1)
    expect(await streamerCalls()).toMatchObject([{ path: "/streamer/one/internal/imports" }])
  })

  it("does nothing when nothing changes", async () => {
    await registerStreamer("one")
    expect(await edited(a, {})).toBeNull()
    expect(await edited(a, { name: null, feeds: [] })).toBeNull()
    expect([await version(), await isPublishDue()]).toEqual([0, false])
    await edited(a, { name: "One" })
    await forgetCalls()
    expect(await edited(a, { name: "One" })).toEqual({ name: "One" })
    expect(await version()).toBe(1)
    expect(await streamerCalls()).toEqual([])
  })

  it("knows a channel that vanished, or is merged into another one", async () => {
    await redis.hset(keys.edits, {
      [none]: JSON.stringify({ name: "x" }),
      [a]: JSON.stringify({ merge: ["200000002"] }),
    })
    expect(await edited(none, { hidden: true })).toEqual({ name: "x", hidden: true })
    expect(await edited("200000002", { name: "y" })).toEqual({ name: "y" })
  })

  it("says that there is no such channel", async () => {
    for (const id of [none, "B", "constructor"]) {
      const answer = await refusal(`/channels/${id}`, { name: "x" })
      expect(answer).toEqual([404, "unknown_channel", `There is no channel "${id}".`])
    }
  })

  it.each([
    ["not JSON", "The body is not JSON."],
    ["", "The body is not JSON."],
    [[], 'must be an object, like {"key": …}'],
    [{ title: "x" }, "title: unknown key"],
    [{ groups: ["a", ""] }, "groups[1]: must not be empty"],
    [{ name: "a\nb" }, "name: must be one line of text"],
  ])("says what is wrong with %j", async (body, message) => {
    expect(await refusal(`/channels/${a}`, body)).toEqual([400, "bad_request", message])
  })

  it("loses no change of many that come at once", async () => {
    const changes = [{ name: "One" }, { number: 1 }, { logo: "" }, { guideId: "g" }]
    await Promise.all(changes.map((change) => edited(a, change)))
    expect(await stored()).toEqual(new Map([[a, { name: "One", number: 1, logo: "", guideId: "g" }]]))
  })

  it("is checked anew when the config changes meanwhile: no two merges make a circle", async () => {
    const answers = await Promise.all([patch(a, { merge: [b] }), patch(b, { merge: [a] })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await stored()).size).toBe(1)
  })

  it("takes changes of many channels at once", async () => {
    const many = Array.from({ length: 30 }, (_, at) => String(300_000_000 + at))
    await putRows(many.map((id) => row(id)))
    await Promise.all(many.map((id) => edited(id, { hidden: true })))
    expect((await stored()).size).toBe(30)
  })
})

describe("merging", () => {
  it("keeps what the merged channel was edited to, and gives it back", async () => {
    await edited(b, { name: "Bee", number: 5 })
    expect(await edited(a, { merge: [b] })).toEqual({ merge: [b] })
    // The snapshot without it is published.
    await putRows([row(a, { feeds: feeds("a1", "a2", "a3", "b1") }), row(c)])
    expect(await edited(b, { hidden: true })).toEqual({ name: "Bee", number: 5, hidden: true })
    expect(await edited(a, { merge: [c, b] })).toEqual({ merge: [c, b] })
    expect(await edited(a, { merge: [c] })).toEqual({ merge: [c] })
    expect(await edited(a, { merge: null })).toBeNull()
    expect(await stored()).toEqual(new Map([[b, { name: "Bee", number: 5, hidden: true }]]))
  })

  it("is refused into itself, into one that is merged, of one that others are merged into, and twice", async () => {
    const refused = async (id: string, merge: string[]) => {
      const [status, code, message] = await refusal(`/channels/${id}`, { merge })
      expect([status, code]).toEqual([400, "bad_request"])
      return message
    }
    expect(await refused(a, [a])).toBe(`merge: channel ${a} cannot be merged into itself`)
    await edited(a, { merge: [b] })
    expect(await refused(b, [a])).toMatch(/itself merged into/)
    expect(await refused(b, [c])).toBe(
      `merge: channel ${c} cannot be merged into ${b}, which is itself merged into ${a}`,
    )
    expect(await refused(c, [a])).toMatch(/itself merged into/)
    expect(await refused(c, [b])).toBe(`merge: channel ${b} cannot be merged into both ${a} and ${c}`)
    expect(await edited(a, { merge: [b, c] })).toEqual({ merge: [b, c] })
  })

  it("is of channels that are there, and of one kind", async () => {
    expect(await refusal(`/channels/${a}`, { merge: [b, none] })).toEqual([
      400,
      "bad_request",
      `merge: there is no channel ${none}`,
    ])
    expect(await refusal(`/channels/${a}`, { merge: [movie] })).toEqual([
      400,
      "bad_request",
      `merge: channel ${movie} is of the kind movie, and ${a} is of the kind live`,
    ])
    await edited(a, { number: 1 })
    expect((await refusal(`/channels/${a}`, { merge: [movie] }))[2]).toMatch(/of the kind movie/)
    expect(await edited(a, { merge: [d] })).toEqual({ number: 1, merge: [d] })
  })

  it("may name a channel that vanished and is known by its edit", async () => {
    await redis.hset(keys.edits, { [none]: JSON.stringify({ name: "x" }) })
    expect(await edited(a, { merge: [none] })).toEqual({ merge: [none] })
  })
})

describe("splitting feeds off", () => {
  it("is of the channel's own feeds, of which one stays", async () => {
    expect(await edited(a, { split: ["a1", "a3"] })).toEqual({ split: ["a1", "a3"] })
    expect(await edited(d, { split: ["d2"] })).toEqual({ split: ["d2"] })
    const refused = async (id: string, split: string[]) =>
      (await refusal(`/channels/${id}`, { split })).slice(1)
    expect(await refused(a, ["a1", "b1"])).toEqual(["bad_request", `split: channel ${a} has no feed "b1"`])
    expect(await refused(a, ["a1", "a2", "a3"])).toEqual([
      "bad_request",
      `split: channel ${a} must keep one of its feeds`,
    ])
  })

  it("keeps what is split off already, which is no feed of the channel any more", async () => {
    await edited(a, { split: ["a1"] })
    await putRows([row(a, { feeds: feeds("a2", "a3") })])
    expect(await edited(a, { split: ["a1", "a3"] })).toEqual({ split: ["a1", "a3"] })
    expect(await edited(a, { split: null })).toBeNull()
  })
})

describe("PATCH /api/channels", () => {
  const patchAll = (body: unknown) => askAsAdmin("/channels", "PATCH", body)

  it("changes many channels alike, each in its own edit", async () => {
    await edited(b, { name: "Bee", hidden: false })
    await registerStreamer("one")
    const response = await patchAll({ ids: [a, b, a], edit: { groups: ["News"] } })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      channels: [
        { id: a, edit: { groups: ["News"] } },
        { id: b, edit: { name: "Bee", groups: ["News"] } },
      ],
    })
    expect(await stored()).toEqual(
      new Map<string, ChannelEdit>([
        [a, { groups: ["News"] }],
        [b, { name: "Bee", groups: ["News"] }],
      ]),
    )
    expect(await version()).toBe(2)
    expect(await isPublishDue()).toBe(true)
    expect(await streamerCalls()).toHaveLength(1)
    await patchAll({ ids: [a, b], edit: { groups: ["News"] } })
    expect(await streamerCalls()).toHaveLength(1)
  })

  it("numbers channels in the order of their ids, in one change", async () => {
    const response = await patchAll({ ids: [b, a], numberFrom: 7, edit: { hidden: true } })
    expect(await response.json()).toEqual({
      channels: [
        { id: b, edit: { hidden: true, number: 7 } },
        { id: a, edit: { hidden: true, number: 8 } },
      ],
    })
    expect(await version()).toBe(1)
  })

  it("changes thousands at once, and none when one is not there", async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => String(300_000_000 + at))
    await putRows(
      many.map((id) => row(id)),
      { perPage: 1_000 },
    )
    expect(await refusal("/channels", { ids: [...many.slice(1), none], edit: { hidden: true } })).toEqual([
      404,
      "unknown_channel",
      `There is no channel "${none}".`,
    ])
    expect((await patchAll({ ids: many, edit: { hidden: true } })).status).toBe(200)
    const edits = await stored()
    expect(edits.size).toBe(5_000)
    expect(edits.get("300004999")).toEqual({ hidden: true })
  })

  it.each([
    [{ ids: [], edit: {} }, "ids: must name a channel"],
    [{ edit: {} }, "ids: is missing"],
    [{ ids: [a] }, "edit: is missing"],
    [{ ids: [a], numberFrom: -1 }, "numberFrom: must be at least 0"],
    [{ ids: [a, b], numberFrom: 999_999 }, "numberFrom: must end at 999999 at most"],
    [{ ids: [a, 5], edit: {} }, "ids[1]: must be a text"],
    [{ ids: [a], edit: { number: "1" } }, "edit.number: must be a whole number"],
    [{ ids: [a], edit: {}, all: true }, "all: unknown key"],
    [{ ids: [a], edit: { split: ["b1"] } }, `edit.split: channel ${a} has no feed "b1"`],
    [
      { ids: [a, b], edit: { merge: [c] } },
      `edit.merge: channel ${c} cannot be merged into both ${a} and ${b}`,
    ],
    [{ ids: Array.from({ length: 5_001 }, () => a), edit: {} }, "ids: must have at most 5000 entries"],
  ])("says what is wrong with a body, number %#", async (body, message) => {
    expect(await refusal("/channels", body)).toEqual([400, "bad_request", message])
  })
})
