/** Which file a provider has at an address. Null is what it does not say. */
export interface FileVersion {
  size: number | null
  /** As it was sent, quotes and `W/` included. */
  etag: string | null
  /** As it was sent. */
  lastModified: string | null
  contentType: string | null
  /** Whether parts of it can be asked for. */
  hasRanges: boolean
}

/** An answer's status, and its fields by their names in lower case. */
export interface AnswerHead {
  status: number
  headers: Readonly<Record<string, string>>
}

const contentRange = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i

/** What `Content-Range` says (RFC 9110 14.4); `first` is null where it names no part. */
export function readContentRange(
  header: string | undefined,
): { first: number | null; size: number | null } | null {
  const match = contentRange.exec(header?.trim() ?? "")
  if (match === null) return null
  const [, first, , size] = match
  return { first: first === undefined ? null : Number(first), size: size === "*" ? null : Number(size) }
}

/** The file that an answer with 200, 206 or 416 is of. */
export function versionOf({ status, headers }: AnswerHead): FileVersion {
  const part = status === 200 ? null : readContentRange(headers["content-range"])
  const length = headers["content-length"] ?? ""
  return {
    size: status === 200 ? (/^\d+$/.test(length) ? Number(length) : null) : (part?.size ?? null),
    etag: headers.etag ?? null,
    lastModified: headers["last-modified"] ?? null,
    contentType: headers["content-type"] ?? null,
    hasRanges: status !== 200 || /\bbytes\b/i.test(headers["accept-ranges"] ?? ""),
  }
}

/** Whether two answers can be of the same file; what only one of them says proves nothing. */
export function isSameFile(one: FileVersion, other: FileVersion): boolean {
  const differ = <Value>(a: Value | null, b: Value | null) => a !== null && b !== null && a !== b
  if (differ(one.size, other.size)) return false
  if (one.etag !== null && other.etag !== null) return opaqueTag(one.etag) === opaqueTag(other.etag)
  return !differ(one.lastModified, other.lastModified)
}

/** For `If-Range`, which takes no weak tag (RFC 9110 13.1.5); null when nothing fits. */
export function validatorOf({ etag, lastModified }: FileVersion): string | null {
  return etag !== null && isStrong(etag) ? etag : lastModified
}

/** Whether a player's `If-Range` lets it have the part that it asked for. */
export function ifRangeHolds(header: string | undefined, { etag, lastModified }: FileVersion): boolean {
  if (header === undefined) return true
  const wanted = header.trim()
  if (wanted.startsWith('"')) return wanted === etag
  return lastModified !== null && Date.parse(wanted) === Date.parse(lastModified)
}

const isStrong = (etag: string) => etag.startsWith('"')
const opaqueTag = (etag: string) => etag.replace(/^W\//, "")
