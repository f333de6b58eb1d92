import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"
import { noncePlaceholder } from "../src/dashboard/nonce-placeholder.ts"

const edge = process.env.TRIBUTARY_EDGE ?? "http://localhost:8080"

export default defineConfig({
  plugins: [react()],
  html: { cspNonce: noncePlaceholder },
  build: { target: "es2023", chunkSizeWarningLimit: 700 },
  // While the page is worked on: `vite` here, and `npm start` beside it.
  server: { proxy: { "/api": edge, "/logo": edge } },
})
