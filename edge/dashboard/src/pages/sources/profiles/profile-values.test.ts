import { changedProfileSchema, newProfileSchema, type ProfileRow } from "@tributary/shared/admin-api/sources"
import { describe, expect, it } from "vitest"
import {
  changedProfileBody,
  emptyProfile,
  newProfileBody,
  nextPriority,
  valuesOfProfile,
} from "./profile-values.ts"

const row: ProfileRow = {
  ...{ id: "backup", name: "Backup", primary: false, enabled: true, priority: 1, maxStreams: 2 },
  ...{ hasLogin: true, ownServer: true, username: "b•••", password: "••••", url: "http://b.example/…" },
  madeByApi: true,
}

describe("a new profile", () => {
  it("has what was typed, and comes behind the others", () => {
    const typed = { ...emptyProfile, name: " Backup ", username: "bob", password: "b", maxStreams: 1 }
    const body = newProfileBody(typed, nextPriority([{ priority: 0 }, { priority: 3 }]))
    expect(body).toEqual({ name: "Backup", username: "bob", password: "b", maxStreams: 1, priority: 4 })
    expect(newProfileSchema.safeParse(body).success).toBe(true)
  })

  it("without a name is refused with the API's words", () => {
    const { error } = newProfileSchema.safeParse(newProfileBody(emptyProfile, 0))
    expect(error?.issues[0]).toMatchObject({ path: ["name"], message: "is missing" })
  })
})

describe("a change of a profile", () => {
  const body = (change: object) => changedProfileBody({ ...valuesOfProfile(row), ...change }, row)

  it("has only what was changed, and null for what was emptied", () => {
    expect(body({})).toEqual({})
    expect(body({ maxStreams: "", withoutUrl: true })).toEqual({ maxStreams: null, url: null })
    expect(body({ password: "new" })).toEqual({ password: "new" })
  })

  it("does not take an emptied name for one that stays", () => {
    expect(changedProfileSchema.safeParse(body({ name: " " })).error?.issues[0]).toMatchObject({
      ...{ path: ["name"], message: "must not be empty" },
    })
  })
})
