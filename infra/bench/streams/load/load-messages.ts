import type { LoadReport } from "./load-report.ts"

export interface LoadTarget {
  host: string
  port: number
  /** Viewers take them in turn. */
  paths: string[]
  viewers: number
  /** For how long first bytes are waited for. */
  patienceSeconds: number
}

/** What the load generator is asked to do; it does one thing at a time. */
export type LoadOrder =
  | ({ kind: "open" } & LoadTarget)
  /** `pids` are processes whose CPU time is counted in the same window. */
  | { kind: "measure"; seconds: number; pids: number[] }
  | { kind: "close" }

export type LoadAnswer =
  | { kind: "done" }
  | { kind: "report"; report: LoadReport }
  | { kind: "failed"; why: string }
