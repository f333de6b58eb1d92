import { isIPv4 } from "node:net"
import { type Ask, askPatiently, type Patience } from "./ask-patiently.ts"

export type AddressResult = { ok: true; address: string } | { ok: false; message: string }

/** The IPv4 address by which others see this machine, as `lookup` (PUBLIC_ADDRESS_LOOKUP) answers it. */
export async function publicAddress(
  ask: Ask,
  lookup: string | null,
  patience?: Patience,
): Promise<AddressResult> {
  if (lookup === null)
    return { ok: false, message: "PUBLIC_ADDRESS_LOOKUP: needed, as nothing else tells the public address" }
  const answer = await askPatiently(ask, lookup, patience)
  if (!answer.ok) return { ok: false, message: `PUBLIC_ADDRESS_LOOKUP: ${answer.message}` }
  const address = answer.text.trim()
  if (!isIPv4(address))
    return { ok: false, message: "PUBLIC_ADDRESS_LOOKUP: it does not answer an IPv4 address" }
  return { ok: true, address }
}
