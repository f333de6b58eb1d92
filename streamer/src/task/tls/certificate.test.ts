import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { log } from "@tributary/shared/log/log"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type Certificate, readCertificate } from "./certificate.ts"
import { CertificateWatch } from "./certificate-watch.ts"
import { selfSigned } from "./test-certificate.ts"

let folder: string
let first: Certificate
let second: Certificate
const now = Date.now()
const dayMilliseconds = 24 * 3_600_000

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-certificate-"))
  ;[first, second] = await Promise.all([selfSigned("one.example"), selfSigned("two.example")])
})
afterAll(() => rm(folder, { recursive: true }))

const fileOf = (name: keyof Certificate) => join(folder, name)
const put = (name: keyof Certificate, text: string) => writeFile(fileOf(name), text)
beforeEach(async () => {
  await put("cert", first.cert)
  await put("key", first.key)
})
const files = () => ({ certificate: fileOf("cert"), key: fileOf("key") })

describe("the certificate", () => {
  it("is read from texts and from files alike", async () => {
    const texts = { certificate: first.cert, key: first.key }
    for (const source of [texts, files(), { ...texts, key: fileOf("key") }])
      expect(await readCertificate(source, now)).toEqual({ ok: true, certificate: first })
  })

  it.each<[string, () => { certificate: string; key: string }, string]>([
    ["no file", () => ({ ...files(), certificate: "/nowhere" }), "TLS_CERTIFICATE: the file cannot be read"],
    ["no file of its key", () => ({ ...files(), key: "/nowhere" }), "TLS_KEY: the file cannot be read"],
    [
      "a key in its place",
      () => ({ certificate: first.key, key: first.key }),
      "TLS_CERTIFICATE: not a certificate in PEM form",
    ],
    [
      "another one's key",
      () => ({ certificate: first.cert, key: second.key }),
      "TLS_KEY: not the certificate's private key in PEM form",
    ],
  ])("is refused in words: %s", async (_, source, message) => {
    expect(await readCertificate(source(), now)).toEqual({ ok: false, message })
  })

  it("is refused when it has expired", async () => {
    const read = await readCertificate(files(), now + 3 * dayMilliseconds)
    expect(read).toMatchObject({ ok: false, message: expect.stringContaining("it expired on") })
  })
})

describe("a certificate that changes", () => {
  const watching = () => {
    const used: Certificate[] = []
    const watch = new CertificateWatch({
      ...{ source: files(), current: first, now: () => now, logger: log("test", "tls") },
      use: (certificate) => void used.push(certificate),
    })
    return { used, watch }
  }

  it("is used once it is there with its key, and once", async () => {
    const { used, watch } = watching()
    await watch.look()
    await put("cert", second.cert)
    await watch.look()
    expect(used).toEqual([])
    await put("key", second.key)
    await watch.look()
    await watch.look()
    expect(used).toEqual([second])
  })

  it("leaves the old one in use while it is no good", async () => {
    const { used, watch } = watching()
    await put("cert", "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    await watch.look()
    await rm(fileOf("cert"))
    await watch.look()
    expect(used).toEqual([])
  })
})
