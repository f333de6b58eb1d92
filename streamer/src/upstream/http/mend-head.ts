const mostHeadBytes = 16 * 1024
const mayBeHead = /^(?:H|HT|HTT|HTTP.*|I|IC|ICY.*)$/is
const endOfHead = /\r?\n\r?\n/
const strictHead =
  /^HTTP\/1\.[01] \d{3}(?: [\t\x20-\x7e\x80-\xff]*)?\r\n(?:[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/
const statusLine = /^(?:HTTP|ICY)(?:\/[\d.]*)?\s*(\d{3})/i
const field = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*)$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out.
const controls = /[\x00-\x08\x0a-\x1f\x7f]/g

/**
 * The beginning of a connection's first answer as undici takes it: Icecast's "ICY 200 OK", a bare LF for a line's end,
 * "Transfer-Encoding" beside "Content-Length", "Server : x" and their like are refused by it, and sent by panels.
 * "more" while the head is not complete; what is no head at all is left as it is.
 */
export function mendHead(received: Buffer): Buffer | "more" {
  const text = received.toString("latin1", 0, mostHeadBytes)
  if (!mayBeHead.test(text)) return received
  const end = endOfHead.exec(text)
  if (end === null) return received.length < mostHeadBytes ? "more" : received
  const bodyAt = end.index + end[0].length
  const head = text.slice(0, bodyAt)
  const lines = head.trimEnd().split(/\r?\n/)
  const status = statusLine.exec(lines[0] ?? "")?.[1]
  if (status === undefined) return received
  const rest = received.subarray(bodyAt)
  // An interim answer, to something nobody asked.
  if (status.startsWith("1")) return rest.length === 0 ? "more" : mendHead(rest)
  const fields = lines.slice(1).flatMap((line) => {
    const [, name, value = ""] = field.exec(line) ?? []
    return name === undefined ? [] : [{ name: name.toLowerCase(), value: value.replace(controls, "").trim() }]
  })
  const lengths = new Set(fields.filter(({ name }) => name === "content-length").map(({ value }) => value))
  const isChunked = fields.some(({ name }) => name === "transfer-encoding")
  const [length = ""] = lengths
  const isLengthSound = lengths.size === 0 || (!isChunked && lengths.size === 1 && /^\d+$/.test(length))
  const isRepeated = fields.filter(({ name }) => name === "content-length").length > 1
  if (strictHead.test(head) && isLengthSound && !isRepeated) return received
  const kept = fields.filter(({ name }) => name !== "content-length" && name !== "connection")
  if (isLengthSound && length !== "") kept.push({ name: "content-length", value: length })
  // The next answer would not be mended.
  kept.push({ name: "connection", value: "close" })
  const mended = [`HTTP/1.1 ${status} Mended`, ...kept.map(({ name, value }) => `${name}: ${value}`), "", ""]
  return Buffer.concat([Buffer.from(mended.join("\r\n"), "latin1"), rest])
}
