import type { RemuxInput } from "../ffmpeg/remux-arguments.ts"
import { Remuxer, type SpawnRemux } from "../ffmpeg/remuxer.ts"
import type { HeldBody } from "./http/held-body.ts"
import type { HttpSession } from "./http/http-session.ts"
import type { Upstream, UpstreamFailure } from "./upstream.ts"

/** A radio station that sends its sound without a container, made MPEG-TS by ffmpeg. */
export function openRemuxed(
  session: HttpSession,
  body: HeldBody,
  kind: RemuxInput,
  spawn?: SpawnRemux,
): Upstream {
  let remuxer: Remuxer | null = null
  return {
    async read(onChunk) {
      const running = new Remuxer([kind], onChunk, spawn)
      remuxer = running
      const ended = body
        .read((chunk) => running.write(chunk))
        .then(async (failure) => {
          await running.end()
          return failure
        })
      const broken = running.gone.then((end): UpstreamFailure | Promise<UpstreamFailure> =>
        end.code === "failed" ? { code: "unsupported", what: "container" } : ended,
      )
      return await Promise.race([ended, broken])
    },
    async close() {
      await Promise.all([session.close(), remuxer?.stop()])
    },
  }
}
