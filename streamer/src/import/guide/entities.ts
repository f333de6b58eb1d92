// HTML's names for U+00A0 to U+00FF in their order: providers write guides from web pages.
const latin1 =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
const others =
  "amp& lt< gt> quot\" apos' OElig\u0152 oelig\u0153 Scaron\u0160 scaron\u0161 Yuml\u0178 ndash\u2013 mdash\u2014 lsquo\u2018 rsquo\u2019 sbquo\u201a ldquo\u201c rdquo\u201d bdquo\u201e bull\u2022 hellip\u2026 euro\u20ac trade\u2122"

const names = new Map<string, string>([
  ...latin1.split(" ").map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
  ...others.split(" ").map((entry): [string, string] => [entry.slice(0, -1), entry.slice(-1)]),
])

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z][A-Za-z\d]{1,9}));/g
const windows1252 = new TextDecoder("windows-1252")

/** The text with its entities replaced. What is none, a bare `&` above all, stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text
  return text.replace(reference, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) return names.get(name) ?? whole
    return character(decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal))
  })
}

/** As browsers read them: numbers of C1 controls are meant in windows-1252 (HTML, 13.2.5.80). */
function character(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return windows1252.decode(Uint8Array.of(code))
  return code > 0x10ffff ? "" : String.fromCodePoint(code)
}

/** The text of clean XML, as `escapeXml` makes it. */
export function unescapeXml(xml: string): string {
  if (!xml.includes("&")) return xml
  return xml
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
}

const special = /[&<>"]/g
const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** For contents and for attributes in double quotes. */
export function escapeXml(text: string): string {
  return text.replace(special, (char) => escapes[char] ?? char)
}
