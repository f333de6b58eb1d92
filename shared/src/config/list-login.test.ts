import { describe, expect, it } from "vitest"
import { loginIn, withLogin } from "./list-login.ts"

const old = { username: "ann", password: "p 1" }
const next = { username: "bob", password: "q&/2" }

describe("the login in a list's address", () => {
  it("is its username and password", () => {
    expect(loginIn("http://a.example/get.php?username=ann&password=p%201&type=m3u_plus")).toEqual(old)
  })

  it.each(["http://a.example/get.php?username=ann", "http://a.example/list.m3u", "not an address"])(
    "is not in %s",
    (address) => {
      expect(loginIn(address)).toBeNull()
    },
  )
})

describe("another login", () => {
  it.each([
    [
      "in the query",
      "http://a.example/get.php?username=ann&password=p%201&type=m3u_plus#x",
      "http://a.example/get.php?username=bob&password=q%26%2F2&type=m3u_plus#x",
    ],
    ["with a plus", "http://a.example/?p=p+1&u=ann", "http://a.example/?p=q%26%2F2&u=bob"],
    [
      "as folders",
      "http://a.example/get/ann/p%201/list.m3u?x=1",
      "http://a.example/get/bob/q%26%2F2/list.m3u?x=1",
    ],
    ["before the host", "http://ann:p%201@a.example:80", "http://bob:q%26%2F2@a.example:80"],
  ])("takes the place of the old one %s", (_, address, expected) => {
    expect(withLogin(address, old, next)).toBe(expected)
  })

  it.each([
    "http://a.example/get.php?username=ann&password=other",
    "http://a.example/get.php?username=other&password=p%201",
    "http://a.example/ann/other/p%201",
    "http://ann@a.example/list.m3u?q=%zz&&=",
    "HTTP://A.example:080/List.m3u?Token=a+b%20c",
    "not an address",
  ])("leaves %s as it is", (address) => {
    expect(withLogin(address, old, next)).toBe(address)
  })

  it("that is the same one changes nothing of how it is written", () => {
    const address = "http://a.example/?u=%61nn&p=p+1"
    expect(withLogin(address, old, { ...old })).toBe(address)
  })
})
