import { describe, expect, it } from "vitest"
import { leftovers, mostOf } from "./leftovers.ts"
import type { Look } from "./look.ts"

const look = (changes: Partial<Look> = {}): Look => ({
  ...{ residentBytes: 1, heapUsedBytes: 1, externalBytes: 1, cpuSeconds: 1 },
  ...{ sockets: 3, socketPeers: {}, otherDescriptors: 20, resources: { Timeout: 4, TCPSocketWrap: 1 } },
  ...{ leases: 0, sessions: 0, liveRecords: 0, connections: 0 },
  ...changes,
})

describe("what a soak leaves behind", () => {
  it("is nothing when everything is as it was at some moment before", () => {
    const before = mostOf([look(), look({ sockets: 5, resources: { Timeout: 6 } })])
    expect(leftovers(before, look({ sockets: 5, resources: { Timeout: 6, TCPSocketWrap: 1 } }))).toEqual({})
  })

  it("is not a connection that the store keeps", () => {
    const after = look({ sockets: 9, socketPeers: { gateway: 6 } })
    expect(leftovers(mostOf([look()]), after)).toEqual({})
  })

  it("is what there is more of", () => {
    const after = look({ sockets: 4, leases: 2, resources: { Timeout: 9, TCPSocketWrap: 2 } })
    expect(leftovers(mostOf([look()]), after)).toEqual({ sockets: 1, leases: 2, timers: 5, socketHandles: 1 })
  })
})
