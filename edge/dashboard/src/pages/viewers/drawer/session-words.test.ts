import type { ViewerSession } from "@tributary/shared/admin-api/viewers"
import { describe, expect, it } from "vitest"
import { addressNames } from "./session-words.ts"

const session = (addressDigest: string, since: number): ViewerSession => ({
  ...{ id: addressDigest + since, channel: "1", channelName: "One", kind: "live", streamer: null },
  ...{ addressDigest, since },
})

describe("the addresses of a viewer's sessions", () => {
  it("are told apart, and named in the order in which they were seen", () => {
    const nameOf = addressNames([session("b", 3), session("a", 2), session("b", 1)])
    expect([nameOf("b"), nameOf("a")]).toEqual(["address 1", "address 2"])
  })

  it("have no names when there is only one, or where none is known", () => {
    expect(addressNames([session("a", 1), session("a", 2)])("a")).toBeNull()
    expect(addressNames([session("a", 1), session("", 2)])("")).toBeNull()
  })
})
