import { HonoRequest } from "hono/request"
import { describe, expect, it } from "vitest"
import { basic } from "../test-support/edge-under-test.ts"
import { credentialsOf } from "./credentials.ts"

const credentials = (query: string, headers: Record<string, string> = {}) =>
  credentialsOf(new HonoRequest(new Request(`https://tv.example/playlist.m3u8${query}`, { headers })))
const authorization = (value: string) => credentials("", { authorization: value })

describe("credentials in the query", () => {
  it.each([
    ["?username=ann&password=secret", "ann", "secret"],
    ["?password=secret&output=ts&username=ann", "ann", "secret"],
    ["?username=a%26b%3D%25%2B%C3%BC%3A&password=%2F%3F%23+x", "a&b=%+ü:", "/?# x"],
    ["?username=ann&password=", "ann", ""],
  ])("%s", (query, username, password) => {
    expect(credentials(query)).toEqual({ username, password })
  })

  it.each(["", "?username=ann", "?password=secret", "?username=&password=secret", "?user=ann&pass=x"])(
    "name nobody in %j",
    (query) => {
      expect(credentials(query)).toBeNull()
    },
  )

  it("go before HTTP Basic, which stands in where they are incomplete", () => {
    expect(credentials("?username=ann&password=a", basic("bob", "b"))).toEqual({
      username: "ann",
      password: "a",
    })
    expect(credentials("?username=ann", basic("bob", "b"))).toEqual({ username: "bob", password: "b" })
  })
})

describe("credentials by HTTP Basic", () => {
  it.each([
    ["ann", "secret"],
    ["ann", "with:colons:"],
    ["ann", ""],
    ["ümläut 日本", "пароль"],
  ])("%s and %j", (username, password) => {
    expect(credentials("", basic(username, password))).toEqual({ username, password })
  })

  it("may have the scheme in any case, and base64 without padding or in URL form", () => {
    expect(authorization(`basic ${btoa("ann:secret1")}`)).toEqual({ username: "ann", password: "secret1" })
    expect(authorization(`Basic ${btoa("ann:s").replace(/=+$/, "")}`)).toEqual({
      username: "ann",
      password: "s",
    })
    const urlForm = btoa("ann:~~~???").replaceAll("+", "-").replaceAll("/", "_")
    expect(authorization(`Basic ${urlForm}`)).toEqual({ username: "ann", password: "~~~???" })
  })

  it.each([
    "",
    "Basic",
    "Basic ",
    "Basic !!!",
    "Basic A",
    "Basic YW5u YW5u",
    `Basic ${btoa("no colon")}`,
    `Basic ${btoa(":no name")}`,
    `Bearer ${btoa("ann:secret")}`,
  ])("name nobody in %j", (value) => {
    expect(authorization(value)).toBeNull()
  })
})
