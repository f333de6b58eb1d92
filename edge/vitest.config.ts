import { cloudflareTest } from "@cloudflare/vitest-plugin"
import { defineConfig } from "vitest/config"

// Nothing is fetched from the network, the sample of `request.cf` included.
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false"

// Inside workerd, as wrangler.jsonc configures it. One file at a time: they share one Redis.
export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: { bindings: inject("bindings") },
    })),
  ],
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["test-set-up/global-set-up.ts"],
    fileParallelism: false,
    testTimeout: 20_000,
    silent: "passed-only",
  },
})
