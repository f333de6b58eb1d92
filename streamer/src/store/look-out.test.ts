import { expect, it } from "vitest"
import { LookOut } from "./look-out.ts"

function byHand() {
  const looks: PromiseWithResolvers<void>[] = []
  const errors: unknown[] = []
  const lookOut = new LookOut(
    () => {
      const look = Promise.withResolvers<void>()
      looks.push(look)
      return look.promise
    },
    (error) => errors.push(error),
  )
  return { lookOut, looks, errors }
}

it("looks once more for all who asked while it looked, and no more", async () => {
  const { lookOut, looks } = byHand()
  for (let count = 0; count < 3; count++) lookOut.look()
  expect([looks.length, lookOut.isLooking]).toEqual([1, true])
  const first = lookOut.ended()
  looks[0]?.resolve()
  await first
  expect([looks.length, lookOut.isLooking]).toEqual([2, true])
  const second = lookOut.ended()
  looks[1]?.resolve()
  await second
  expect([looks.length, lookOut.isLooking]).toEqual([2, false])
})

it("tells of a look that failed, and looks again when it is asked", async () => {
  const { lookOut, looks, errors } = byHand()
  lookOut.look()
  const ended = lookOut.ended()
  looks[0]?.reject("store away")
  await ended
  expect(errors).toEqual(["store away"])
  lookOut.look()
  expect(looks.length).toBe(2)
})
