import { expect, it } from "vitest"
import { fleetSetting } from "../../edge/src/fleet/fleet-config.ts"
import { environmentSchema } from "./environment/environment-settings.ts"
import { farEnvironment, homeEnvironment } from "./environments-fixture.ts"
import { fleetOf } from "./fleet.ts"

it("the fleet names each region's service and what a task of it carries", () => {
  const load = {
    minimum: 1,
    maximum: 4,
    viewersPerTask: 300,
    bitsPerSecondPerTask: 1_000_000_000,
    transcodesPerTask: 4,
  }
  expect(fleetOf(environmentSchema.parse(farEnvironment))).toEqual([
    { name: "us", continent: "NA", awsRegion: "us-east-1", cluster: "far", service: "streamer", ...load },
    {
      name: "asia",
      continent: "AS",
      awsRegion: "ap-southeast-1",
      cluster: "far",
      service: "streamer",
      ...load,
    },
  ])
})

it.each([homeEnvironment, farEnvironment])("the edge reads the fleet of $name as it is", (input) => {
  const fleet = fleetOf(environmentSchema.parse(input))
  expect(fleetSetting.parse(JSON.stringify(fleet))).toEqual(fleet)
})
