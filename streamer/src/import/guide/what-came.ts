import { ImportError } from "../import-error.ts"

/** Says what an answer is that is no XMLTV guide; `head` is its beginning. */
export function notAGuide(head: Buffer): ImportError {
  const text = head
    .toString("latin1", 0, 4096)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart()
  if (text === "") return new ImportError("empty", "the guide is empty")
  return new ImportError("not_a_guide", `the guide's address gave ${kindOf(text)} in place of XMLTV`)
}

function kindOf(text: string): string {
  const lower = text.toLowerCase()
  if (/<(?:!doctype html|html|head|body)[\s>]/.test(lower)) return "a web page"
  if (/^[[{]/.test(text)) return "JSON"
  if (lower.startsWith("#extm3u")) return "a playlist"
  if (text.startsWith("<")) return "another kind of XML"
  return text.includes("\0") ? "binary data" : "plain text"
}
