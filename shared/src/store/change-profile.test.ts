import { describe, expect, it } from "vitest"
import { profilePatchSchema, profileSchema, sourceSchema } from "../config/config-file.ts"
import {
  addProfile,
  changeProfile,
  orderProfiles,
  type ProfileChange,
  removeProfile,
} from "./change-profile.ts"
import { type OpenSource, openSource } from "./source-record.ts"

const panel = (options: object = {}) =>
  openSource(
    sourceSchema.parse({
      ...{ id: "acme", type: "xtream", url: "http://acme.example:8000", username: "ann", password: "first" },
      ...options,
    }),
    "file",
  )
const list = (url: string, options: object = {}) =>
  openSource(sourceSchema.parse({ id: "list", type: "m3u", url, ...options }), "environment")
const profile = (options: object = {}) =>
  profileSchema.parse({ name: "Backup", username: "bob", password: "second", ...options })

function done(change: ProfileChange): { source: OpenSource; profile: string } {
  if (!change.ok) throw new Error(change.message)
  return change
}
const change = (source: OpenSource, id: string, patch: object) =>
  done(changeProfile(source, id, profilePatchSchema.parse(patch))).source
const refusal = (result: ProfileChange) => (result.ok ? "not refused" : [result.code, result.message])
const found = ({ record, secret }: OpenSource, id: string) => ({
  ...record.profiles.find((one) => one.id === id),
  login: secret.logins[id],
})

describe("a profile that is added", () => {
  it("is stored as it was given, with its marks", () => {
    const added = done(addProfile(panel(), profile({ id: "b", url: "http://b.example", maxStreams: 2 })))
    expect(added.profile).toBe("b")
    expect(found(added.source, "b")).toEqual({
      ...{ id: "b", name: "Backup", primary: false, maxStreams: 2, priority: 1, enabled: true },
      ...{ hasLogin: true, ownServer: true, madeByApi: true },
      login: { url: "http://b.example", username: "bob", password: "second" },
    })
    expect(found(added.source, "primary")).toEqual(found(panel(), "primary"))
  })

  it.each([
    ["Backup", "backup"],
    ["  Zweites Konto (Süd)! ", "zweites_konto_sud"],
    ["резерв", "profile_1"],
    ["Profile 1", "profile_1"],
    ["profile", "profile_1"],
    ["Primary", "primary_2"],
    ["x".repeat(100), "x".repeat(48)],
  ])("named %j has an id that tells it, and is none that a file gives", (name, id) => {
    expect(done(addProfile(panel(), profile({ name }))).profile).toBe(id)
  })

  it("has an id of its own, however many have its name", () => {
    let source = panel()
    const ids = ["Backup", "Backup", "резерв", "Profile 1", "Backup", "резерв"].map((name) => {
      const added = done(addProfile(source, profile({ name })))
      source = added.source
      return added.profile
    })
    expect(ids).toEqual(["backup", "backup_2", "profile_1", "profile_1_2", "backup_3", "profile_2"])
  })

  it.each(["primary", "profile-1"])("is refused with the id %s of another one", (id) => {
    const source = panel({ profiles: [profile()] })
    expect(refusal(addProfile(source, profile({ id })))).toEqual([
      "bad_request",
      `id: "${id}" is a duplicate`,
    ])
  })
})

describe("a profile that is changed", () => {
  const source = panel({ profiles: [profile({ id: "b", url: "http://b.example", maxStreams: 2 })] })

  it("keeps what is not given", () => {
    expect(change(source, "b", {})).toEqual(source)
    expect(found(change(source, "b", { password: "third" }), "b").login).toEqual({
      ...{ url: "http://b.example", username: "bob", password: "third" },
    })
    const limited = found(change(source, "b", { priority: 0, maxStreams: null, enabled: false }), "b")
    expect(limited).toEqual({ ...found(source, "b"), priority: 0, maxStreams: null, enabled: false })
    expect(found(change(source, "b", { name: "C", username: "eve" }), "b")).toMatchObject({
      name: "C",
      login: { url: "http://b.example", username: "eve", password: "second" },
    })
  })

  it("is on its own server only while that is another one than the source's", () => {
    expect(found(change(source, "b", { url: null }), "b")).toMatchObject({
      ownServer: false,
      login: { url: null },
    })
    expect(found(change(source, "b", { url: "http://ACME.example:8000/x" }), "b").ownServer).toBe(false)
    const moved = change(source, "primary", { url: "http://b.example/" })
    expect(found(moved, "b").ownServer).toBe(false)
    expect(found(moved, "primary").ownServer).toBe(false)
  })

  it("is not known by another source's id", () => {
    for (const id of ["none", "constructor"]) {
      const message = `There is no profile "${id}" of source "acme".`
      expect(refusal(changeProfile(source, id, {}))).toEqual(["unknown_profile", message])
      expect(refusal(removeProfile(source, id))).toEqual(["unknown_profile", message])
    }
  })
})

describe("the primary profile", () => {
  it("has the source's own address and login, each changed alone", () => {
    const changed = change(panel(), "primary", { url: "http://new.example", name: "Main", maxStreams: 3 })
    expect(changed.secret).toEqual({
      url: "http://new.example",
      logins: { primary: { url: null, username: "ann", password: "first" } },
    })
    expect(found(changed, "primary")).toMatchObject({ name: "Main", maxStreams: 3, hasLogin: true })
    expect(change(panel(), "primary", { password: "new" }).secret).toEqual({
      url: "http://acme.example:8000",
      logins: { primary: { url: null, username: "ann", password: "new" } },
    })
  })

  it("cannot be without an address, nor be removed", () => {
    expect(refusal(changeProfile(panel(), "primary", { url: null }))).toEqual([
      "bad_request",
      "url: must be an http:// or https:// URL, being the source's own",
    ])
    expect(refusal(removeProfile(panel(), "primary"))).toEqual([
      "bad_request",
      "The primary profile is the source's own login and cannot be deleted.",
    ])
  })

  it("of an open list gets a login only as a whole, and its list keeps its address", () => {
    const open = list("http://list.example/a.m3u")
    for (const [given, missing] of [
      ["username", "password"],
      ["password", "username"],
    ] as const)
      expect(refusal(changeProfile(open, "primary", { [given]: "x" }))).toEqual([
        "bad_request",
        `${missing}: is missing: a login is a username and a password`,
      ])
    const changed = change(open, "primary", { username: "ann", password: "first" })
    expect(changed.secret.url).toBe("http://list.example/a.m3u")
    expect(found(changed, "primary")).toMatchObject({ hasLogin: true, login: { username: "ann" } })
    const moved = change(open, "primary", { url: "http://list.example/b.m3u" })
    expect(moved.secret).toEqual({ url: "http://list.example/b.m3u", logins: {} })
    expect(found(moved, "primary").hasLogin).toBe(false)
  })

  it("changes its login in a list's address that holds it, and in the guide's", () => {
    const url = (login: string) => `http://list.example/get.php?${login}&type=m3u_plus`
    const before = list(url("username=ann&password=first"), {
      ...{
        username: "ann",
        password: "first",
        epgUrl: "http://list.example/xmltv.php?username=ann&password=first",
      },
    })
    const { secret } = change(before, "primary", { password: "n&w" })
    expect(secret).toEqual({
      url: url("username=ann&password=n%26w"),
      epgUrl: "http://list.example/xmltv.php?username=ann&password=n%26w",
      logins: { primary: { url: null, username: "ann", password: "n&w" } },
    })
  })

  it("has the login of a list's new address, unless another is given too", () => {
    const before = list("http://list.example/get.php?username=ann&password=first", {
      ...{ username: "ann", password: "first" },
    })
    const url = "http://new.example/get.php?username=bob&password=second"
    expect(change(before, "primary", { url }).secret).toEqual({
      url,
      logins: { primary: { url: null, username: "bob", password: "second" } },
    })
    expect(change(before, "primary", { url, password: "third" }).secret).toEqual({
      url: "http://new.example/get.php?username=bob&password=third",
      logins: { primary: { url: null, username: "bob", password: "third" } },
    })
    expect(change(before, "primary", { url: "http://new.example/list.m3u" }).secret.logins).toEqual(
      before.secret.logins,
    )
  })

  it("that was not told apart from its list's address is, when one part of it changes", () => {
    const before = list("http://list.example/get.php?username=ann&password=first")
    expect(change(before, "primary", { password: "new" }).secret).toEqual({
      url: "http://list.example/get.php?username=ann&password=new",
      logins: { primary: { url: null, username: "ann", password: "new" } },
    })
  })
})

describe("a profile that is removed", () => {
  it("goes with its login, and others stay", () => {
    const source = panel({ profiles: [profile({ id: "b" }), profile({ id: "c" })] })
    const { record, secret } = done(removeProfile(source, "b")).source
    expect(record.profiles.map(({ id }) => id)).toEqual(["primary", "c"])
    expect(Object.keys(secret.logins)).toEqual(["primary", "c"])
  })
})

describe("profiles that are put in order", () => {
  const source = panel({ profiles: [profile({ id: "b" }), profile({ id: "c", priority: 9 })] })
  const refusalOf = (ids: string[]) => {
    const ordered = orderProfiles(source, ids)
    return ordered.ok ? "not refused" : [ordered.code, ordered.message]
  }

  it("have it as their priorities, the primary too, and stay what they are", () => {
    const ordered = orderProfiles(source, ["c", "primary", "b"])
    if (!ordered.ok) throw new Error(ordered.message)
    const { record, secret } = ordered.source
    const priorities = [1, 2, 0]
    expect(record.profiles).toEqual(
      source.record.profiles.map((one, index) => ({ ...one, priority: priorities[index] })),
    )
    expect(secret).toEqual(source.secret)
  })

  it("have to be all of them, each once", () => {
    expect(refusalOf(["b", "x", "primary"])).toEqual(["bad_request", 'ids[1]: there is no profile "x"'])
    expect(refusalOf(["b", "c", "b"])).toEqual(["bad_request", 'ids[2]: "b" is a duplicate'])
    expect(refusalOf(["b", "c"])).toEqual(["conflict", 'ids: "primary" is missing'])
  })
})
