import { defineConfig } from "vitest/config"

// One file at a time: black-box tests run whole systems, and their timing is what they test.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Another package's tests run beside these: one that measures time may be tried once more, and is named then.
    retry: process.env.CI === undefined ? 0 : 1,
  },
})
