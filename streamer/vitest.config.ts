import { defineConfig } from "vitest/config"

// A test's time limit is for what hangs: beside another package's tests everything takes longer. Where two cores carry
// both, a test that measures time may be tried once more; the report names it, and it is to be looked at.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    retry: process.env.CI === undefined ? 0 : 1,
  },
})
