import { describe, expect, it } from "vitest"
import {
  addGuide,
  changeGuide,
  type GuidesChange,
  orderGuides,
  removeGuide,
  type StoredGuide,
} from "./change-guides.ts"

const guide = (id: string, origin: StoredGuide["origin"] = "file"): StoredGuide => ({
  ...{ id, url: `http://${id}.example/`, origin, sealed: `sealed ${id}` },
})
const guides = [guide("a"), guide("b"), guide("c")]
const ids = (change: GuidesChange) =>
  change.ok ? change.guides.map(({ id }) => id).join("") : `${change.code} ${change.message}`
const taken = "conflict url: there is a guide with this address already"

describe("the guides that are configured on their own", () => {
  it("get another one at their end, and no address twice", () => {
    expect(addGuide(guides, guide("d", "api"))).toMatchObject({ ok: true, id: "d" })
    expect(ids(addGuide(guides, guide("d")))).toBe("abcd")
    expect(ids(addGuide(guides, guide("b")))).toBe(taken)
  })

  it("keep their place and where they came from with another address", () => {
    const changed = changeGuide(guides, "b", guide("x", "api"))
    expect([ids(changed), changed.ok && changed.id]).toEqual(["axc", "x"])
    expect(changed).toMatchObject({ guides: [{}, { origin: "file", sealed: "sealed x" }, {}] })
    expect(changeGuide(guides, "b", guide("b", "api"))).toMatchObject({ ok: true, guides, id: "b" })
    expect(changeGuide(guides, "b", null)).toMatchObject({ ok: true, guides, id: "b" })
    expect(ids(changeGuide(guides, "b", guide("c")))).toBe(taken)
    expect(ids(changeGuide(guides, "x", null))).toBe('not_found There is no guide "x".')
  })

  it("lose one", () => {
    expect(ids(removeGuide(guides, "b"))).toBe("ac")
    expect(ids(removeGuide(guides, "x"))).toBe('not_found There is no guide "x".')
  })

  it("are put in the order of their ids, when all are named once", () => {
    expect(ids(orderGuides(guides, ["c", "a", "b"]))).toBe("cab")
    expect(ids(orderGuides(guides, ["c", "a"]))).toBe('conflict ids: "b" is missing')
    expect(ids(orderGuides(guides, ["c", "a", "c"]))).toBe('bad_request ids[2]: "c" is a duplicate')
    expect(ids(orderGuides(guides, ["c", "x", "a", "b"]))).toBe('bad_request ids[1]: there is no guide "x"')
  })
})
