import type { SegmentOutput } from "../../upstream/hls/ts-output.ts"
import type { PacedDelivery } from "./paced-delivery.ts"

/** An output that is followed by more only when what came out of it is taken. */
export function pacedOutput(output: SegmentOutput, delivery: PacedDelivery): SegmentOutput {
  return {
    begin: (segment, isBroken) => output.begin(segment, isBroken),
    write: (chunk) => output.write(chunk),
    async flushed() {
      await output.flushed()
      await delivery.taken()
    },
    async end() {
      await output.end()
      await delivery.taken()
    },
  }
}
