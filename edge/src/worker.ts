import { app } from "./app.ts"
import type { Bindings } from "./bindings.ts"
import { edgeOf } from "./edge.ts"
import { runScheduled } from "./fleet/scheduled.ts"

export default {
  fetch: app.fetch,
  scheduled: async (_event, bindings) => runScheduled(await edgeOf(bindings)),
} satisfies ExportedHandler<Bindings>
