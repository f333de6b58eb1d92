import { expect, it } from "vitest"
import { startAll } from "./started.ts"

it("what was started is ended last first, all of it, when the start or one of the ends fails", async () => {
  const happened: string[] = []
  const starting = startAll(async (started) => {
    for (const name of ["one", "two", "three"])
      started.add(async () => {
        happened.push(name)
        if (name === "two") throw new Error("two does not end")
      })
    throw new Error("no start")
  })
  await expect(starting).rejects.toThrow("no start")
  expect(happened).toEqual(["three", "two", "one"])
})

it("what does not end is told by who closes it", async () => {
  const started = await startAll(async (opened) => {
    opened.add(() => Promise.reject(new Error("it does not end")))
    return opened
  })
  await expect(started.close()).rejects.toThrow("it does not end")
  await started.close()
})
