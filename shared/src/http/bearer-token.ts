/** The token of an `Authorization: Bearer` header (RFC 6750 2.1); null when it is none. */
export function bearerToken(authorization: string | null | undefined): string | null {
  return /^Bearer +(.+)$/i.exec(authorization ?? "")?.[1] ?? null
}
