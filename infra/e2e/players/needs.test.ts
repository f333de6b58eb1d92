import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { missingPackages } from "./needs.ts"

it("names the package of each program and file that is not there, once", async () => {
  const here = fileURLToPath(import.meta.url)
  const needs = [
    { has: "sh", package: "dash" },
    { has: "no-such-program", package: "absent" },
    { has: "no-other-program", package: "absent" },
    { has: here, package: "present" },
    { has: `${here}.no`, package: "gone" },
  ]
  expect(await missingPackages(needs)).toEqual(["absent", "gone"])
  expect(await missingPackages([{ has: "sh", package: "dash" }], "")).toEqual(["dash"])
})
