import { randomBytes } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { ask } from "./ask.ts"
import { Cloudflare } from "./cloudflare.ts"
import { deployEdge } from "./deploy-edge.ts"
import { runProgram } from "./run-program.ts"
import { SettingsFile } from "./settings-file.ts"

/** `npm run deploy [FILE]`: the edge to Cloudflare, with the settings of a file (`infra/deploy/production.env`). */
const root = fileURLToPath(new URL("../..", import.meta.url))
const edgeFolder = fileURLToPath(new URL("../../edge", import.meta.url))
const path = process.argv[2] ?? fileURLToPath(new URL("production.env", import.meta.url))
const deadlineSeconds = Number(process.env.DEPLOY_HEALTH_SECONDS ?? 180)

const outcome = await deployEdge({
  file: new SettingsFile(path),
  cloudflare: new Cloudflare(runProgram, edgeFolder),
  run: runProgram,
  root,
  accountId: process.env.CLOUDFLARE_ACCOUNT_ID,
  ask: process.stdin.isTTY ? ask : null,
  makeSecret: () => randomBytes(32).toString("base64url"),
  say: (line) => void process.stdout.write(`${line}\n`),
  health: {
    ...{ fetch, wait, now: () => performance.now() },
    deadlineMilliseconds: deadlineSeconds * 1000,
  },
})
if (!outcome.ok) {
  process.stderr.write(`${outcome.problem}\n${outcome.advice}\n`)
  process.exit(1)
}
