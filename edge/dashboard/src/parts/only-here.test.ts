import { describe, expect, it } from "vitest"
import { isOnlyHere } from "./only-here.ts"

describe("an address", () => {
  it.each(["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"])(
    "%s is only of this machine",
    (url) => {
      expect(isOnlyHere(url)).toBe(true)
    },
  )

  it.each(["http://192.168.1.4:8080", "https://tv.example", "http://localhost.example"])(
    "%s can be reached from elsewhere",
    (url) => {
      expect(isOnlyHere(url)).toBe(false)
    },
  )
})
