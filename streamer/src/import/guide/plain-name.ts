import { normaliseName } from "@tributary/shared/catalogue/group-key"

const ascii = /^[ -~]*$/

/** `normaliseName`, quicker for names of plain ASCII, of which a million may be looked up. */
export function plainName(name: string): string {
  return ascii.test(name) ? name.replaceAll(" ", "").toLowerCase() : normaliseName(name)
}
