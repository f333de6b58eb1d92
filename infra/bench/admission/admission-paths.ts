import type { AdmissionSystem } from "./admission-system.ts"

/** What admissions of either kind ask for, each time for another viewer. */
export interface AdmissionPaths {
  /** A channel that is live. */
  join: (number: number) => string
  /** A channel that is not, another one each time. */
  open: (number: number) => string
}

/** `live` is the channel that plays; those from `firstFree` on are nobody else's. */
export function admissionPaths(
  { radio, path }: Pick<AdmissionSystem, "radio" | "path">,
  { live, firstFree }: { live: number; firstFree: number },
): AdmissionPaths {
  const channel = (number: number) => {
    const found = radio[number]
    if (found === undefined) throw new Error(`the list has only ${radio.length} channels`)
    return found
  }
  let opened = 0
  return {
    join: (number) => path(channel(live), number),
    open: (number) => path(channel(firstFree + (opened++ % (radio.length - firstFree))), number),
  }
}
