import { describe, expect, it } from "vitest"
import type * as z from "zod"
import { describeIssue } from "../config/describe-issue.ts"
import { maskedPassword, maskedUrl, maskedUsername } from "./mask.ts"
import { changedProfileSchema, changedSourceSchema, newSourceSchema, sourceTestSchema } from "./sources.ts"

const problem = (schema: z.ZodType, body: unknown) => {
  const { error } = schema.safeParse(body)
  return error === undefined ? "accepted" : describeIssue(error)
}
const shown = "is what is shown in its place; leave it out, or write it in full"
const list = { type: "m3u", url: "http://list.example/a.m3u" }
const panel = { type: "xtream", url: "http://panel.example", username: "ann", password: "first" }
const profile = { name: "B", username: "bob", password: "p" }

describe("a new source", () => {
  it("is as in the configuration file, without id and order if need be", () => {
    expect(newSourceSchema.parse(list)).toEqual({
      ...{ ...list, enabled: true, live: true, vod: true, series: true, profiles: [] },
    })
    const whole = { ...panel, id: "acme", order: 4, headers: { Referer: "r" }, profiles: [profile] }
    expect(newSourceSchema.parse(whole)).toMatchObject(whole)
    const url = "http://list.example/get.php?username=ann&password=first"
    expect(newSourceSchema.parse({ ...list, url })).toMatchObject({ username: "ann", password: "first" })
  })

  it.each([
    [{ ...panel, password: undefined }, "password: is missing: an xtream source needs it"],
    [{ ...list, username: "ann" }, "password: is missing: a login is a username and a password"],
    [{ ...list, id: "a/b" }, "id: must be letters, digits, - and _ (at most 64)"],
    [{ ...list, include: "(" }, "include: is not a regular expression"],
    [{ ...list, headers: { "a b": "x" } }, "headers.a b: is not the name of a header"],
    [{ ...list, headers: { a: "x\r\nb: y" } }, "headers.a: must be on one line"],
    [{ ...list, userAgent: "x\ny" }, "userAgent: must be on one line"],
    [
      { ...panel, profiles: [profile, { ...profile, password: "" }] },
      "profiles[1].password: must not be empty",
    ],
    [{ ...panel, profiles: [{ ...profile, id: "primary" }] }, 'profiles[0].id: "primary" is a duplicate'],
    [{ ...panel, profiles: [{ ...profile, password: maskedPassword }] }, `profiles[0].password: ${shown}`],
    [{ ...panel, origin: "file" }, "origin: unknown key"],
  ])("says what is wrong with %j", (body, message) => {
    expect(problem(newSourceSchema, body)).toBe(message)
  })
})

describe("what is shown in place of a secret", () => {
  it.each([
    ["url", maskedUrl("http://panel.example/x")],
    ["epgUrl", maskedUrl("http://panel.example:80/x?y")],
    ["username", maskedUsername("ann")],
    ["username", maskedUsername("anna")],
    ["password", maskedPassword],
  ])("is no new %s: %s", (key, value) => {
    expect(problem(changedSourceSchema, { [key]: value })).toBe(`${key}: ${shown}`)
    if (key === "epgUrl") return
    expect(problem(changedProfileSchema, { [key]: value })).toBe(`${key}: ${shown}`)
    expect(problem(sourceTestSchema, { ...panel, [key]: value })).toBe(`${key}: ${shown}`)
  })

  it("is no new value of a header", () => {
    expect(problem(changedSourceSchema, { headers: { Cookie: maskedPassword } })).toBe(
      `headers.Cookie: ${shown}`,
    )
    expect(problem(changedSourceSchema, { headers: { Cookie: null, Referer: "r" } })).toBe("accepted")
    expect(problem(changedSourceSchema, { headers: null })).toBe("accepted")
  })

  it.each([
    ["ann", "•••"],
    ["anna", "a•••"],
    ["👪family", "👪•••"],
  ])("is no more than the first letter of a username that has more than three: %s", (username, masked) => {
    expect(maskedUsername(username)).toBe(masked)
  })

  it.each([
    ["http://u:p@[::1]:80/path?query#hash", "http://[::1]/…"],
    ["https://a.example", "https://a.example/…"],
    ["damaged", "…"],
  ])("is scheme and host of an address: %s", (address, masked) => {
    expect(maskedUrl(address)).toBe(masked)
  })
})

describe("a changed source", () => {
  it.each([
    [{ type: "m3u" }, "type: cannot be changed"],
    [{ id: "x" }, "id: unknown key"],
    [{ profiles: [] }, "profiles: unknown key"],
    [{ url: null }, "url: must be an http:// or https:// URL"],
    [{ url: "ftp://x.example" }, "url: must be an http:// or https:// URL"],
    [{ name: "" }, "name: must not be empty"],
    [{ enabled: null }, "enabled: must be true or false"],
    [{ maxStreams: -1 }, "maxStreams: must be at least 0"],
    [{ exclude: "[" }, "exclude: is not a regular expression"],
    [{ headers: { "": "x" } }, "headers.: is not the name of a header"],
    [{ headers: "x" }, "headers: must be an object of texts"],
  ])("says what is wrong with %j", (body, message) => {
    expect(problem(changedSourceSchema, body)).toBe(message)
  })
})

describe("a source that is tested", () => {
  it("has a login where its type needs one", () => {
    expect(problem(sourceTestSchema, list)).toBe("accepted")
    expect(problem(sourceTestSchema, { ...panel, username: undefined })).toBe(
      "username: is missing: an xtream source needs it",
    )
    expect(problem(sourceTestSchema, { ...list, password: "p" })).toBe(
      "username: is missing: a login is a username and a password",
    )
  })
})
