import type { SourceRow } from "@tributary/shared/admin-api/sources"

/** Whether nobody has added a provider of theirs yet: there is no source, or none but the demo. */
export const needsSetUp = (sources: readonly Pick<SourceRow, "origin">[]): boolean =>
  sources.every(({ origin }) => origin === "demo")
