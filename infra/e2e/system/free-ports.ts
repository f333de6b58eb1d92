import { randomInt } from "node:crypto"
import { claimPort } from "../../local/process/claim-port.ts"

// Below the ports that the system gives to outgoing connections (from 32768 on Linux): a port that is found
// free here may be bound seconds later.
const lowest = 12_000
const highest = 32_000
const attempts = 200

/** The first of `count` neighbouring ports of loopback that nobody uses right now. */
export async function freePort(count = 1): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const first = randomInt(lowest, highest)
    const claims = await Promise.all(
      Array.from({ length: count }, (_, index) => claimPort("127.0.0.1", first + index)),
    )
    if (claims.every(({ kind }) => kind === "free")) return first
  }
  throw new Error("no free port found")
}
