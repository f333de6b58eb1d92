import { defineConfig } from "vitest/config"

// One file at a time: black-box tests run whole systems, and their timing is what they test.
export default defineConfig({
  test: { include: ["**/*.test.ts"], fileParallelism: false, testTimeout: 30_000, hookTimeout: 60_000 },
})
