import type { ImportStatus } from "@tributary/shared/store/records"
import { expect, it } from "vitest"
import { JobTimeline } from "./job-timeline.ts"

const status = (phase: ImportStatus["phase"], startedAt: number): ImportStatus => ({
  ...{ phase, startedAt, endedAt: null, bytes: 0, entries: 0, keptEntries: 0, error: null },
})

it("a timeline keeps when each phase of each run was first seen", () => {
  const timeline = new JobTimeline()
  timeline.look(new Map([["list", status("fetching", 1)]]), 100)
  timeline.look(new Map([["list", status("fetching", 1)]]), 200)
  timeline.look(
    new Map([
      ["list", status("done", 1)],
      ["*", status("grouping", 2)],
    ]),
    1300,
  )
  timeline.look(
    new Map([
      ["list", status("done", 1)],
      ["*", status("done", 2)],
    ]),
    2000,
  )
  timeline.look(new Map([["*", status("grouping", 3)]]), 2500)
  timeline.look(new Map([["*", status("done", 3)]]), 4000)
  expect(timeline.seen).toHaveLength(6)
  expect(timeline.seconds(["list", "fetching"], ["list", "done"])).toBe(1.2)
  expect(timeline.seconds(["*", "grouping"], ["*", "done"])).toBe(1.5)
  expect(timeline.seconds(["*", "uploading"], ["*", "done"])).toBeNull()
  expect(timeline.secondsAt("*", "done")).toBe(4)
})
