import type { Logger } from "@tributary/shared/log/log"
import { type Certificate, type CertificateSource, isPath, readCertificate } from "./certificate.ts"

export interface CertificateWatchOptions {
  source: CertificateSource
  /** That is in use. */
  current: Certificate
  /** The server uses it for whoever connects from now on; connections that there are stay. */
  use: (certificate: Certificate) => void
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
}

// Volumes are renewed by links that change: a look tells that for sure, notifications do not.
const lookMilliseconds = 30_000

/**
 * Looks at the certificate's files, and takes a new one into use. What is not good is refused, and the old one stays.
 * PEM texts in the environment (a secret that ECS injects) never change while a task runs: there a new certificate
 * comes with a new deployment; a file on a volume is reloaded without one.
 */
export class CertificateWatch {
  readonly #options: CertificateWatchOptions
  #current: Certificate
  #refused: string | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(options: CertificateWatchOptions) {
    this.#options = options
    this.#current = options.current
  }

  start(): void {
    const { certificate, key } = this.#options.source
    if (isPath(certificate) || isPath(key))
      this.#timer ??= setInterval(() => void this.look(), lookMilliseconds).unref()
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** By itself every 30 s. */
  async look(): Promise<void> {
    const { source, use, now, logger } = this.#options
    const read = await readCertificate(source, now())
    if (!read.ok) {
      // The certificate may be there before its key: that is over with the next look.
      if (read.message !== this.#refused)
        logger.warn("the new certificate is refused; the old one stays", { reason: read.message })
      this.#refused = read.message
      return
    }
    this.#refused = null
    const { cert, key } = read.certificate
    if (cert === this.#current.cert && key === this.#current.key) return
    this.#current = read.certificate
    use(read.certificate)
    logger.info("a new certificate is in use")
  }
}
