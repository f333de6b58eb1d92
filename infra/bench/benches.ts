import { admission } from "./admission/admission.ts"
import type { Bench } from "./bench.ts"
import { guide } from "./catalogue/guide.ts"
import { imports } from "./catalogue/imports.ts"
import { lookup } from "./catalogue/lookup.ts"
import { parse } from "./catalogue/parse.ts"
import { serve } from "./catalogue/serve.ts"
import { fleet } from "./fleet/fleet.ts"
import { channels } from "./streams/channels.ts"
import { fanOut } from "./streams/fan-out.ts"
import { transcode } from "./streams/transcode.ts"
import { zap } from "./streams/zap.ts"
import { viewers } from "./viewers/viewers.ts"

/** In the order in which they run: what needs a quiet machine comes before what leaves systems running. */
export const benches: readonly Bench[] = [
  parse,
  fleet,
  fanOut,
  channels,
  zap,
  transcode,
  admission,
  viewers,
  guide,
  imports,
  serve,
  lookup,
]
