import { expect, it } from "vitest"
import { isOnlyHere } from "./only-here.ts"

it.each([
  ["http://localhost:8080", true],
  ["http://127.0.0.1:8080", true],
  ["http://[::1]:8080", true],
  ["http://192.168.1.20:8080", false],
  ["https://127.0.0.1.example.org", false],
])("knows whether other devices reach %s", (baseUrl, isOnly) => {
  expect(isOnlyHere(baseUrl)).toBe(isOnly)
})
