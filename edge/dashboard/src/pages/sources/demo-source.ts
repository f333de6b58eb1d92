import type { SourceRow } from "@tributary/shared/admin-api/sources"

type Source = Pick<SourceRow, "id" | "origin">

/** The demo provider where there is another source too, or null: it is not needed any more. */
export function demoToDrop<One extends Source>(sources: readonly One[]): One | null {
  const isNeeded = sources.every(({ origin }) => origin === "demo")
  return isNeeded ? null : (sources.find(({ origin }) => origin === "demo") ?? null)
}
