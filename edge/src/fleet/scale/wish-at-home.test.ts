import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { edgeWith, fleet } from "../../test-support/fleet.ts"
import { redis, registerStreamer, storeRoundTrips } from "../../test-support/store.ts"
import { wishAtHome } from "./wish-at-home.ts"

const edge = await edgeWith([fleet, { ...fleet, name: "na", continent: "NA" }])

beforeEach(async () => {
  await startAfresh()
  await registerStreamer("in-europe", { region: "EU" })
})

describe("a viewer who is sent to another continent", () => {
  it("has a task started on their own, where there is a fleet", async () => {
    await wishAtHome(edge, "EU", 1_000_000)
    await wishAtHome(edge, "NA", 1_000_000)
    await wishAtHome(edge, "AF", 1_000_000)
    expect(await redis.keys("fleet:*")).toEqual([keys.fleetWish("na")])
  })

  it("makes the store be asked once a minute only", async () => {
    await wishAtHome(edge, "NA", 2_000_000)
    const before = await storeRoundTrips()
    await wishAtHome(edge, "NA", 2_059_999)
    expect(await storeRoundTrips()).toBe(before)
    await wishAtHome(edge, "NA", 2_060_000)
    expect(await storeRoundTrips()).toBeGreaterThan(before)
  })
})
