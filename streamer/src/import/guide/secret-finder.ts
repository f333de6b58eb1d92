import { namesProvider, type Provider } from "../catalogue/url-template.ts"

/** Tells quickly which elements may name the provider, so that few are looked at closely. */
export class SecretFinder {
  readonly isSecret: (text: string) => boolean
  readonly #words: string[]

  constructor(provider: Provider) {
    this.isSecret = (text) => namesProvider(text, provider)
    const password = provider.login?.password ?? ""
    // However it is escaped, letters and digits stay what they are.
    const longest = password.split(/[^A-Za-z0-9]+/).toSorted((a, b) => b.length - a.length)[0] ?? ""
    this.#words = [new URL(provider.url).hostname.toLowerCase(), longest.toLowerCase()]
  }

  mayBeIn(element: Buffer): boolean {
    const text = element.toString("latin1").toLowerCase()
    return this.#words.some((word) => text.includes(word))
  }
}
