import type { Admitted, Refused } from "@tributary/shared/lease/admit"
import type { Ticket } from "@tributary/shared/ticket"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import type { LiveStream } from "./live-stream.ts"

/** Why a ticket gives nothing to watch. */
export type Failure =
  /** The channel is live on another streamer by now. */
  | { ok: false; code: "elsewhere"; admitted: Admitted }
  | { ok: false; code: "unknown_channel" | "store_unavailable" }
  | { ok: false; code: "refused"; admission: Refused }
  | { ok: false; code: "upstream_failed"; failure: UpstreamFailure }

/** The ticket is another one when the viewer had to be admitted anew. */
export type ObtainResult = { ok: true; stream: LiveStream; ticket: Ticket } | Failure
