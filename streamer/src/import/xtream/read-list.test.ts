import { describe, expect, it } from "vitest"
import { readList } from "./read-list.ts"

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

async function read(...texts: string[]) {
  const values: unknown[] = []
  const reading = await readList(pieces(...texts), (elements) => void values.push(...elements))
  return { ...reading, values }
}

describe("a list that is read", () => {
  it("gives its elements, or the values of a map in its place", async () => {
    expect(await read('[{"a":1},null,[2],"x",3]')).toEqual({
      shape: "list",
      elements: 5,
      values: [{ a: 1 }, null, [2], "x", 3],
    })
    expect(await read('{"7":{"a":1},"x":2,"__proto__":3}')).toEqual({
      shape: "map",
      elements: 3,
      values: [{ a: 1 }, 2, 3],
    })
  })

  it("gives undefined for an element that is no JSON", async () => {
    expect((await read('[1,{x},"\n",4]')).values).toEqual([1, undefined, undefined, 4])
    expect((await read('{"a":1,b:2,"c" 3,"d":4}')).values).toEqual([1, undefined, undefined, 4])
  })

  it("is a login when the panel does not know the action", async () => {
    for (const login of [
      '{"user_info":{"auth":1}}',
      '{"server_info":{},"user_info":{"auth":"1"}}',
      '{"user_info":[]}',
    ])
      expect(await read(login)).toMatchObject({ shape: "login", elements: 0 })
  })

  it("is refused with the login", async () => {
    for (const auth of ["0", '"0"', "false"])
      await expect(read(`{"user_info":{"auth":${auth}}}`)).rejects.toMatchObject({ code: "login_failed" })
  })

  it("waits for whoever takes its elements, before it asks for more", async () => {
    const events: string[] = []
    async function* asked() {
      for (const text of ["[1,", "2,", "3]"]) {
        events.push(`asked ${text}`)
        yield Buffer.from(text)
      }
    }
    await readList(asked(), async (elements) => {
      await new Promise(setImmediate)
      events.push(`taken ${elements}`)
    })
    expect(events).toEqual(["asked [1,", "taken 1", "asked 2,", "taken 2", "asked 3]", "taken 3"])
  })

  it("ends the answer when it is of no use", async () => {
    let ended = false
    async function* endless() {
      try {
        for (;;) yield Buffer.from("<html>")
      } finally {
        ended = true
      }
    }
    await expect(readList(endless(), () => undefined)).rejects.toThrow("web page")
    expect(ended).toBe(true)
  })
})
