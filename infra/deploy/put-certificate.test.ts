import { execFileSync } from "node:child_process"
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, it } from "vitest"

const script = fileURLToPath(new URL("put-certificate.sh", import.meta.url))
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n"
const key = "-----BEGIN PRIVATE KEY-----\nMIIE+/=\n-----END PRIVATE KEY-----\n"
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "put-certificate-test-"))
  writeFileSync(join(folder, "fullchain.pem"), certificate)
  writeFileSync(join(folder, "privkey.pem"), key)
  // Notes its words, and what the file in the last one says.
  const aws = `#!/bin/sh\necho "$*" >>"${folder}/calls"\nfor last; do :; done\ncase $last in file://*) cp "\${last#file://}" "${folder}/secret" ;; esac\n`
  writeFileSync(join(folder, "aws"), aws)
  chmodSync(join(folder, "aws"), 0o755)
})

afterEach(() => rmSync(folder, { recursive: true }))

it("puts the certificate and its key where tasks get them from, and replaces the tasks of every region", () => {
  execFileSync(script, {
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      RENEWED_LINEAGE: folder,
      TRIBUTARY_NAME: "home",
      TRIBUTARY_REGIONS: "eu-central-1 us-east-1",
    },
  })
  const secret: unknown = JSON.parse(readFileSync(join(folder, "secret"), "utf8"))
  expect(secret).toEqual({ TLS_CERTIFICATE: certificate, TLS_KEY: key })
  const [put, ...updates] = readFileSync(join(folder, "calls"), "utf8").trim().split("\n")
  expect(put).toContain("put-secret-value --region eu-central-1 --secret-id home/tls")
  expect(put).not.toContain("BEGIN")
  expect(updates).toEqual([
    "ecs update-service --region eu-central-1 --cluster home --service streamer --force-new-deployment",
    "ecs update-service --region us-east-1 --cluster home --service streamer --force-new-deployment",
  ])
})
