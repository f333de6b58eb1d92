/** Why an import failed, in words for people; no address and no credential in it. */
export class ImportError extends Error {
  override name = "ImportError"
  readonly code: ImportErrorCode

  constructor(code: ImportErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export type ImportErrorCode =
  | "unreachable"
  | "http_status"
  | "login_failed"
  | "account_expired"
  | "account_banned"
  | "not_a_playlist"
  | "not_a_guide"
  | "not_xtream"
  | "too_large"
  | "empty"
  | "shrunken"
  | "interrupted"
