import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import type { Certificate } from "./certificate.ts"

const run = promisify(execFile)

/** A wildcard certificate that signs itself, made by openssl. */
export async function selfSigned(domain: string, { days = 2 } = {}): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-tls-"))
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")]
  const names = `subjectAltName=DNS:*.${domain},DNS:localhost,IP:127.0.0.1`
  const request = ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
  const made = ["-subj", `/CN=*.${domain}`, "-addext", names, "-days", String(days)]
  try {
    await run("openssl", [...request, ...made, "-keyout", key, "-out", cert])
    return { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8") }
  } finally {
    await rm(folder, { recursive: true })
  }
}
