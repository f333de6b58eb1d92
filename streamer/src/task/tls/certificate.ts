import { X509Certificate } from "node:crypto"
import { readFile } from "node:fs/promises"
import { createSecureContext } from "node:tls"

/** PEM texts: a certificate with those that lead to its root behind it, and its private key. */
export interface Certificate {
  cert: string
  key: string
}

export type CertificateResult = { ok: true; certificate: Certificate } | { ok: false; message: string }

/** As TLS_CERTIFICATE and TLS_KEY give them: each a PEM text, or the path of a file with one. */
export interface CertificateSource {
  certificate: string
  key: string
}

/** Reads both and checks that they belong together; what is wrong is named by its variable. `now`: Unix milliseconds. */
export async function readCertificate(source: CertificateSource, now: number): Promise<CertificateResult> {
  const cert = await readPem(source.certificate)
  if (cert === null) return { ok: false, message: "TLS_CERTIFICATE: the file cannot be read" }
  const key = await readPem(source.key)
  if (key === null) return { ok: false, message: "TLS_KEY: the file cannot be read" }
  let parsed: X509Certificate
  try {
    parsed = new X509Certificate(cert)
  } catch {
    return { ok: false, message: "TLS_CERTIFICATE: not a certificate in PEM form" }
  }
  try {
    createSecureContext({ cert, key })
  } catch {
    return { ok: false, message: "TLS_KEY: not the certificate's private key in PEM form" }
  }
  if (Date.parse(parsed.validTo) <= now)
    return { ok: false, message: `TLS_CERTIFICATE: it expired on ${parsed.validTo}` }
  return { ok: true, certificate: { cert, key } }
}

/** Whether a value is the path of a file, which may change while this process runs. */
export const isPath = (value: string) => !value.includes("-----BEGIN ")

/** Null when there is no such file. */
async function readPem(value: string): Promise<string | null> {
  return isPath(value) ? await readFile(value, "utf8").catch(() => null) : value
}
