import { describe, expect, it } from "vitest"
import { coresIn, onCore } from "./cores.ts"

describe("the cores of a process", () => {
  it.each([
    ["0-1", [0, 1]],
    ["3", [3]],
    ["0,2-4,7", [0, 2, 3, 4, 7]],
  ])("are read from its status (%s)", (list, cores) => {
    expect(coresIn(`Cpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`)).toEqual(cores)
  })

  it("are none where the status does not say", () => {
    expect(coresIn("Name:\tnode\n")).toEqual([])
  })
})

it("a command is run by taskset where there is a core for it", () => {
  expect(onCore(1, "node", ["a.ts"])).toEqual({
    program: "taskset",
    arguments: ["--cpu-list", "1", "node", "a.ts"],
  })
  expect(onCore(null, "node", ["a.ts"])).toEqual({ program: "node", arguments: ["a.ts"] })
})
