import type { Bindings } from "../bindings.ts"

declare global {
  namespace Cloudflare {
    /** The Worker's bindings, and where tests reach the Node side (`test-set-up/`). */
    interface Env extends Bindings {
      CONTROL_URL: string
      /** The gateway past the fault proxy, for tests to look at the store while it is away. */
      GATEWAY_URL: string
    }
    interface GlobalProps {
      mainModule: typeof import("../worker.ts")
    }
  }
}
