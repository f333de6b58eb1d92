const codes = new Map<string, string>()
const maxKnown = 1000

/** The two letters of a `lang`: `en` for `en`, `en_GB`, `EN-us` and `eng`; nothing for what has none. */
export function languageCode(lang: string): string {
  const known = codes.get(lang)
  if (known !== undefined) return known
  let code = ""
  try {
    code = Intl.getCanonicalLocales(lang.trim().replaceAll("_", "-"))[0]?.split("-")[0] ?? ""
  } catch {
    // Names of languages, and worse, stand there too.
  }
  if (code.length !== 2) code = ""
  if (codes.size < maxKnown) codes.set(lang, code)
  return code
}
