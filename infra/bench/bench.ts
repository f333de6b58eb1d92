import type { Report } from "./report.ts"
import type { Shared } from "./shared.ts"

/** One subject that is measured. It fails only when it cannot measure, never because something is slow. */
export interface Bench {
  /** What chooses it on the command line. */
  name: string
  title: string
  /** Rows go into the report; what later benches need too (a system with a large catalogue) is shared. */
  run: (report: Report, shared: Shared) => Promise<void>
}
