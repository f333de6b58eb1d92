import { describe, expect, it } from "vitest"
import { Shared } from "./shared.ts"

describe("what benches share", () => {
  it("is opened once, and closed at the end, last opened first", async () => {
    const shared = new Shared()
    const happened: string[] = []
    const open = (name: string) =>
      shared.open(name, async () => {
        happened.push(`open ${name}`)
        return { name, close: async () => void happened.push(`close ${name}`) }
      })
    expect(await open("one")).toBe(await open("one"))
    await open("two")
    await shared.close()
    await shared.close()
    expect(happened).toEqual(["open one", "open two", "close two", "close one"])
    expect(() => open("three")).toThrow("over")
  })

  it("is closed when something else could not be opened", async () => {
    const shared = new Shared()
    const closed: string[] = []
    await shared.open("one", async () => ({ close: async () => void closed.push("one") }))
    const failing = shared.open("two", () => Promise.reject(new Error("no")))
    await expect(failing).rejects.toThrow("no")
    await shared.close()
    expect(closed).toEqual(["one"])
  })
})
