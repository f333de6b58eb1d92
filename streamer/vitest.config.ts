import { defineConfig } from "vitest/config"

// A test's time limit is for what hangs: beside another package's tests everything takes longer.
export default defineConfig({
  test: { include: ["**/*.test.ts"], testTimeout: 20_000, hookTimeout: 30_000 },
})
