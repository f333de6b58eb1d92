import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import type { FakeAccount } from "./deploy-fixture.ts"

/**
 * A stand-in for wrangler in front of an account that is a file: it notes each call, answers what wrangler 4.156 prints in
 * that case, and does to the account what wrangler would.
 */
const folder = process.env.FAKE_CLOUDFLARE ?? ""
const words = process.argv.slice(2)
const account = JSON.parse(readFileSync(`${folder}/account.json`, "utf8")) as FakeAccount
const save = () => writeFileSync(`${folder}/account.json`, JSON.stringify(account))
appendFileSync(`${folder}/calls`, `${JSON.stringify(words)}\n`)

function fail(code: number, message: string): never {
  process.stderr.write(
    `\n✘ [ERROR] A request to the Cloudflare API failed.\n\n  ${message} [code: ${code}]\n`,
  )
  process.exit(1)
}

const wordAfter = (flag: string) => words[words.indexOf(flag) + 1] ?? ""

switch (words.slice(0, 3).join(" ")) {
  case "whoami --json": {
    process.stdout.write(JSON.stringify({ loggedIn: account.loggedIn, accounts: account.accounts }))
    process.exit(account.loggedIn ? 0 : 1)
    break
  }
  case "secret list --env": {
    if (!account.worker) fail(10_007, "This Worker does not exist on your account.")
    process.stdout.write(
      JSON.stringify(Object.keys(account.secrets).map((name) => ({ name, type: "secret_text" }))),
    )
    break
  }
  case "r2 bucket info": {
    if (account.bucket === "off") fail(10_042, "Please enable R2 through the Cloudflare Dashboard.")
    if (account.bucket === "missing") fail(10_006, "The specified bucket does not exist.")
    break
  }
  case "r2 bucket create": {
    account.bucket = "there"
    save()
    break
  }
  case "deploy --env production": {
    if (account.refusesUploads) fail(10_021, "Uncaught Error: no such module")
    const secrets = JSON.parse(readFileSync(wordAfter("--secrets-file"), "utf8")) as Record<string, string>
    account.worker = true
    Object.assign(account.secrets, secrets)
    save()
    break
  }
  default:
    process.stderr.write(`Unknown arguments: ${words.join(" ")}\n`)
    process.exit(1)
}
