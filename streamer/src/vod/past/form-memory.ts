import type { PastAddress } from "./past-address.ts"
import type { PastForm } from "./xtream-past.ts"

/** Which ways of asking for the past each source has answered. */
export class FormMemory {
  readonly #worked = new Map<string, Set<PastForm>>()

  /** The addresses, with the ways that worked before first. */
  ordered(source: string, addresses: readonly PastAddress[]): PastAddress[] {
    const worked = this.#worked.get(source)
    const isKnown = ({ form }: PastAddress) => worked?.has(form) === true
    return [...addresses.filter(isKnown), ...addresses.filter((address) => !isKnown(address))]
  }

  /** One of the addresses was answered: of these, it is the first to be tried from now on. */
  keep(source: string, addresses: readonly PastAddress[], answered: PastForm): void {
    const worked = this.#worked.get(source) ?? new Set()
    for (const { form } of addresses) worked.delete(form)
    this.#worked.set(source, worked.add(answered))
  }
}
