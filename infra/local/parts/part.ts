import type { ChildExit } from "../process/child-process.ts"

/** A running process of the local system. */
export interface RunningPart {
  exited: Promise<ChildExit>
  close(): Promise<unknown>
}

/** How to start one; `start` rejects with an error whose message is one line that names the culprit. */
export interface Part {
  name: string
  start: () => Promise<RunningPart>
}
