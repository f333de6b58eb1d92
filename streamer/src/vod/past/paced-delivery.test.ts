import { describe, expect, it } from "vitest"
import { PacedDelivery } from "./paced-delivery.ts"

/** One who takes a piece when he is told to. */
function taker() {
  const taken: string[] = []
  const waiting: (() => void)[] = []
  let gone = 0
  const delivery = new PacedDelivery(
    (chunk) => {
      taken.push(chunk.toString())
      return new Promise<void>((resolve) => waiting.push(resolve))
    },
    () => gone++,
  )
  const next = async () => {
    waiting.shift()?.()
    await turn()
  }
  return { delivery, taken, next, gone: () => gone }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const piece = (text: string) => Buffer.from(text)

describe("pieces for one who takes them slowly", () => {
  it("come one after the other, each when the one before is taken", async () => {
    const { delivery, taken, next } = taker()
    for (const text of ["a", "bb", "ccc"]) delivery.give(piece(text))
    expect([taken, delivery.heldBytes]).toEqual([["a"], 6])
    await next()
    expect([taken, delivery.heldBytes]).toEqual([["a", "bb"], 5])
    let isTaken = false
    const all = delivery.taken().then(() => {
      isTaken = true
    })
    await next()
    expect(isTaken).toBe(false)
    await next()
    await all
    expect([taken, delivery.heldBytes]).toEqual([["a", "bb", "ccc"], 0])
    delivery.give(piece("d"))
    expect(taken).toHaveLength(4)
  })

  it("are dropped when it stops, and whoever waited goes on", async () => {
    const { delivery, taken, next } = taker()
    for (const text of ["a", "b"]) delivery.give(piece(text))
    const all = delivery.taken()
    delivery.stop()
    await all
    await next()
    delivery.give(piece("c"))
    expect([taken, delivery.heldBytes]).toEqual([["a"], 0])
  })

  it("stop coming when the taker fails, which is said", async () => {
    let gone = 0
    const delivery = new PacedDelivery(
      () => Promise.reject(new Error("full")),
      () => gone++,
    )
    for (const text of ["a", "b"]) delivery.give(piece(text))
    await delivery.taken()
    await turn()
    expect([gone, delivery.heldBytes]).toEqual([1, 0])
  })
})
