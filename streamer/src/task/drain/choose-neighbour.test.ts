import { describe, expect, it } from "vitest"
import { chooseNeighbour } from "./choose-neighbour.ts"

const neighbour = (id: string, region: string, viewers: number) => ({
  ...{ id, region, viewers, address: `https://${id}.example` },
})
const near = neighbour("near", "EU", 5)
const far = neighbour("far", "AS", 0)
const carrier = neighbour("carrier", "NA", 50)

describe("whoever takes a channel's viewers", () => {
  it.each([
    ["carries it already, whatever else", [near, far, carrier], ["gone", "carrier", "far"], "carrier"],
    ["is of the region", [near, far, carrier], [], "near"],
    ["has the fewest viewers of a region", [near, neighbour("idle", "EU", 1)], [], "idle"],
    ["has the fewest where none is of the region", [far, carrier], [], "far"],
  ])("%s", (_, neighbours, prefer, id) => {
    expect(chooseNeighbour(neighbours, { prefer, region: "EU" })?.id).toBe(id)
  })

  it("is nobody where nobody is", () => {
    expect(chooseNeighbour([], { prefer: ["near"], region: "EU" })).toBeNull()
  })

  it("is the same one whoever looks", () => {
    const [one, other] = [neighbour("a", "EU", 1), neighbour("b", "EU", 1)]
    const wishes = { prefer: [], region: "EU" }
    expect(chooseNeighbour([one, other], wishes)).toEqual(chooseNeighbour([other, one], wishes))
  })
})
