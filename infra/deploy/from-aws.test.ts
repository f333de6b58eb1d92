import { execFileSync } from "node:child_process"
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseEnv } from "node:util"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readDeploySettings } from "./deploy-settings.ts"

const script = fileURLToPath(new URL("from-aws.sh", import.meta.url))
const fleet = `[{"name":"eu","continent":"EU"}]`
const secret = "s".repeat(64)
let folder: string
let file: string

const run = () =>
  execFileSync("sh", [script, file], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  }).toString()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "from-aws-test-"))
  file = join(folder, "production.env")
  const aws = `#!/bin/sh
case "$*" in
*describe-stacks*tributary-edge*) echo '${fleet}' ;;
*tributary/secret*) echo ${secret} ;;
*tributary/metrics-token*) echo metrics ;;
*tributary/edge*) echo '{"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY":"a+/b"}' ;;
esac
`
  writeFileSync(join(folder, "aws"), aws)
  chmodSync(join(folder, "aws"), 0o755)
})

afterEach(() => rmSync(folder, { recursive: true }))

describe("from-aws.sh", () => {
  it("writes settings that the deployment takes, for their owner's eyes", () => {
    const shown = run()
    const variables = parseEnv(readFileSync(file, "utf8"))
    expect(readDeploySettings(variables)).toEqual({
      ok: true,
      settings: {
        FLEET: fleet,
        TRIBUTARY_SECRET: secret,
        METRICS_TOKEN: "metrics",
        AWS_ACCESS_KEY_ID: "AKIA1",
        AWS_SECRET_ACCESS_KEY: "a+/b",
      },
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(shown).not.toContain(secret)
  })

  it("leaves a secret that is in force", () => {
    writeFileSync(file, "TRIBUTARY_SECRET='of before'\n", { mode: 0o600 })
    run()
    expect(parseEnv(readFileSync(file, "utf8")).TRIBUTARY_SECRET).toBe("of before")
  })
})
