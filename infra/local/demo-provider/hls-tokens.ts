import { createHmac, randomBytes } from "node:crypto"

/** Query tokens of playlists and segments: another one each time, and over after a while. Nothing is kept of them. */
export class HlsTokens {
  readonly #now: () => number
  readonly #secret = randomBytes(16)
  #issued = 0

  constructor(now: () => number) {
    this.#now = now
  }

  issue(seconds: number): string {
    const text = `${Math.floor(this.#now() + seconds * 1000)}.${++this.#issued}`
    return `${text}.${this.#sign(text)}`
  }

  isGood(token: string): boolean {
    const end = token.lastIndexOf(".")
    const text = token.slice(0, Math.max(0, end))
    return token.slice(end + 1) === this.#sign(text) && Number(text.split(".")[0]) > this.#now()
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#secret).update(text).digest("hex").slice(0, 16)
  }
}
