import type { EntryKind } from "@tributary/shared/catalogue/entry"
import { isTelling, loginWords, type Provider, urlTemplate } from "../catalogue/url-template.ts"
import { Needles } from "./needles.ts"

const slash = 0x2f
const dot = 0x2e
const question = 0x3f
// What the URL standard leaves as it is in the path and query of a web address; of these `+` may mean a space.
const isUntouched = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 && /[\w.~/:=&?,;!$()*@-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)
const plainSegment = /^[\w~:,;!$()*@-][\w.~:,;!$()*@-]*$/
const maxOrigins = 1000

interface Origin {
  bytes: Uint8Array
  /** As a record's locator begins; null where `new URL` would write the origin otherwise. */
  locator: Buffer | null
}

interface LoginPath {
  /** `/live/USER/PASS/` */
  bytes: Uint8Array
  /** `/live/{username}/{password}` */
  template: Buffer
  kind: EntryKind
}

/**
 * Reads web addresses of the form that nearly every list has, without making a text or a URL of them: those
 * that `new URL` leaves as they are, and whose login stands where Xtream has it or nowhere. The template is
 * `origin`, `login` and the address's bytes from `restStart` on, and is that of `urlTemplate`.
 */
export class AddressBytes {
  /** Begins with the `u` of a record's locator. */
  origin: Buffer = nothing
  login: Buffer = nothing
  restStart = 0
  kind: EntryKind = "live"
  readonly #provider: Provider
  readonly #username: Needles
  readonly #password: Needles
  readonly #classes: Uint8Array
  readonly #logins: readonly LoginPath[]
  readonly #origins = new Map<string, Origin>()
  #last: Origin = { bytes: nothing, locator: null }

  constructor(provider: Provider) {
    const { login } = provider
    this.#provider = provider
    this.#username = new Needles(login === null ? [] : [login.username])
    this.#password = new Needles(login === null ? [] : [login.password])
    this.#classes = addressClasses(this.#password)
    this.#logins = loginPaths(login)
  }

  /** False for any other address. Spaces around it are cut off before, and its line break follows. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const pathStart = this.#originEnd(bytes, start, end)
    if (pathStart < 0) return false
    this.kind = "live"
    this.login = nothing
    this.restStart = pathStart
    for (const login of this.#logins)
      if (standsAt(login.bytes, bytes, pathStart)) {
        this.kind = login.kind
        this.login = login.template
        this.restStart = pathStart + login.bytes.length - 1
        break
      }
    return this.#readRest(bytes, end)
  }

  #originEnd(bytes: Buffer, start: number, end: number): number {
    if (this.#last.bytes.length === 0 || !standsAt(this.#last.bytes, bytes, start)) {
      const origin = this.#lookUp(bytes, start, end)
      if (origin === null) return -1
      this.#last = origin
    }
    const { locator, bytes: known } = this.#last
    if (locator === null) return -1
    this.origin = locator
    // Its last byte is the path's first.
    return start + known.length - 1
  }

  #lookUp(bytes: Buffer, start: number, end: number): Origin | null {
    const hostStart = start + (bytes[start + 4] === 0x73 ? 8 : 7)
    const pathStart = bytes.indexOf(slash, hostStart)
    if (pathStart < 0 || pathStart >= end) return null
    const text = bytes.toString("latin1", start, pathStart + 1)
    let origin = this.#origins.get(text)
    if (origin === undefined) {
      if (this.#origins.size >= maxOrigins) this.#origins.clear()
      origin = { bytes: Buffer.from(text, "latin1"), locator: originLocator(text, this.#provider) }
      this.#origins.set(text, origin)
    }
    return origin
  }

  #readRest(bytes: Uint8Array, end: number): boolean {
    const classes = this.#classes
    let hasPassword = false
    let queryStart = end
    for (let at = this.restStart; at < end; at++) {
      const byte = bytes[at] as number
      if (classes[byte] === 0) continue
      if (isUntouched[byte] === 0) return false
      if (byte === question) queryStart = Math.min(queryStart, at)
      else if (byte === slash) {
        // `/./` and `/../` are resolved.
        if (bytes[at + 1] === dot) return false
        if (this.kind === "live" && queryStart === end) this.kind = kindOfSegment(bytes, at)
      }
      if (!hasPassword && this.#password.standAround(bytes, at)) hasPassword = true
    }
    const hasQuery = queryStart < end
    if (hasQuery && (queryStart === end - 1 || this.#isUsernameIn(bytes, queryStart, end))) return false
    // A short password is only known by where it stands.
    const isOnlyWord = this.login !== nothing && !hasQuery && !isTelling(this.#provider.login)
    return !hasPassword || isOnlyWord
  }

  #isUsernameIn(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (this.#username.standAround(bytes, at)) return true
    return false
  }
}

const nothing: Buffer = Buffer.alloc(0)

/** For each byte 1 where more than the byte itself counts. */
function addressClasses(password: Needles): Uint8Array {
  return isUntouched.map((untouched, byte) =>
    untouched === 0 || byte === slash || byte === question || password.mayShow(byte) ? 1 : 0,
  )
}

function loginPaths(login: Provider["login"]): LoginPath[] {
  if (login === null) return []
  const { username, password } = login
  if (!plainSegment.test(username) || !plainSegment.test(password)) return []
  const paths = loginWords.map((word) => `/${word}`)
  // An account may be named like one of the words: its paths are read as text.
  if (!loginWords.includes(username)) paths.push("")
  return paths.map((path) => ({
    bytes: Buffer.from(`${path}/${username}/${password}/`),
    template: Buffer.from(`${path}/{username}/{password}`),
    kind: path === "/movie" ? "movie" : path === "/series" ? "episode" : "live",
  }))
}

function originLocator(text: string, provider: Provider): Buffer | null {
  const isPlain = /^https?:\/\//.test(text) && URL.parse(text)?.href === text
  const template = isPlain ? urlTemplate(text, provider) : null
  return template === null ? null : Buffer.from(`u${template.slice(0, -1)}`)
}

const movieSegment = Buffer.from("/movie/")
const seriesSegment = Buffer.from("/series/")

/** What the path's segment that begins at a slash tells. */
function kindOfSegment(bytes: Uint8Array, at: number): EntryKind {
  if (standsAt(movieSegment, bytes, at)) return "movie"
  return standsAt(seriesSegment, bytes, at) ? "episode" : "live"
}

function standsAt(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < known.length; at++) if (bytes[start + at] !== known[at]) return false
  return true
}
