import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { RanProgram, RunProgram } from "./run-program.ts"

/** What stands in the way, and what to do about it. */
export type Refusal = { ok: false; problem: string; advice: string }
export type Outcome<T> = { ok: true; value: T } | Refusal

export const bucketName = "tributary-snapshots"

// Codes of Cloudflare's API, as wrangler prints them: `[code: 10007]`.
const noSuchWorker = 10_007
const noSuchBucket = 10_006
const storageNotEnabled = 10_042

/** What the deployment asks of Cloudflare, by wrangler, which has the login. Nothing here prints a secret. */
export class Cloudflare {
  readonly #run: RunProgram
  readonly #edgeFolder: string

  constructor(run: RunProgram, edgeFolder: string) {
    this.#run = run
    this.#edgeFolder = edgeFolder
  }

  /** Whether wrangler may do anything, and knows in which account. */
  async checkLogin(accountId: string | undefined): Promise<Outcome<null>> {
    const ran = await this.#wrangler(["whoami", "--json"])
    if (ran.code === null) return refuse("wrangler cannot be run", "Run this as npm run deploy.", ran)
    const accounts = ran.code === 0 ? accountsIn(ran.stdout) : null
    if (accounts === null)
      return refuse(
        "wrangler is not logged in at Cloudflare",
        "Run node_modules/.bin/wrangler login, or set CLOUDFLARE_API_TOKEN (template: Edit Cloudflare Workers) and CLOUDFLARE_ACCOUNT_ID in the environment.",
        ran,
      )
    if (accounts > 1 && accountId === undefined)
      return refuse(
        `the login has ${accounts} accounts`,
        "Set CLOUDFLARE_ACCOUNT_ID in the environment to the one to use (wrangler whoami lists them).",
      )
    return { ok: true, value: null }
  }

  /** Names of the secrets that the Worker has; none while there is no Worker. */
  async secretNames(): Promise<Outcome<ReadonlySet<string>>> {
    const ran = await this.#wrangler(["secret", "list", "--env", "production", "--format", "json"])
    if (ran.code !== 0) {
      if (hasCode(ran, noSuchWorker)) return { ok: true, value: new Set() }
      return refuse("the Worker's secrets cannot be listed", "What wrangler says is above.", ran)
    }
    const listed = JSON.parse(ran.stdout) as { name: string }[]
    return { ok: true, value: new Set(listed.map(({ name }) => name)) }
  }

  /** Makes the bucket of snapshots unless it is there; says which. */
  async ensureBucket(): Promise<Outcome<"made" | "there">> {
    const looked = await this.#wrangler(["r2", "bucket", "info", bucketName, "--json"])
    if (looked.code === 0) return { ok: true, value: "there" }
    if (hasCode(looked, noSuchBucket)) {
      const made = await this.#wrangler(["r2", "bucket", "create", bucketName, "--update-config=false"])
      if (made.code === 0) return { ok: true, value: "made" }
      return refuse(`the bucket ${bucketName} cannot be made`, "What wrangler says is above.", made)
    }
    if (hasCode(looked, storageNotEnabled))
      return refuse(
        "R2 is not enabled in this account",
        "Enable it once in Cloudflare's dashboard (Storage & databases, R2), then run this again.",
        looked,
      )
    return refuse(`the bucket ${bucketName} cannot be looked at`, "What wrangler says is above.", looked)
  }

  /** Uploads the Worker with its secrets, in one step: it never runs without them. Secrets that are not named stay. */
  async upload(upload: {
    vars: Record<string, string>
    secrets: Record<string, string>
    /** null: the address that Cloudflare gives every Worker. */
    domain: string | null
  }): Promise<Outcome<null>> {
    const { vars, secrets, domain } = upload
    const folder = await mkdtemp(join(tmpdir(), "tributary-deploy-"))
    try {
      // A file, because a command line can be read by everybody on the machine. JSON, because wrangler lets its own
      // environment win over what a file of `NAME=value` lines says.
      const secretsFile = join(folder, "secrets.json")
      await writeFile(secretsFile, JSON.stringify(secrets), { mode: 0o600 })
      const ran = await this.#wrangler([
        ...["deploy", "--env", "production", "--secrets-file", secretsFile],
        ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
        ...(domain === null ? [] : ["--domain", domain]),
      ])
      if (ran.code === 0) return { ok: true, value: null }
      return refuse(
        "the Worker was not uploaded; what ran before runs on",
        "What wrangler says is above.",
        ran,
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  #wrangler(words: readonly string[]): Promise<RanProgram> {
    return this.#run("wrangler", words, this.#edgeFolder)
  }
}

function refuse(problem: string, advice: string, ran?: RanProgram): Refusal {
  const tail = ran?.output.trim().split("\n").slice(-12).join("\n") ?? ""
  return { ok: false, problem: tail === "" ? problem : `${tail}\n${problem}`, advice }
}

const hasCode = ({ output }: RanProgram, code: number) => output.includes(`[code: ${code}]`)

/** How many accounts a login has; null: this is not what `whoami --json` prints of one. */
function accountsIn(stdout: string): number | null {
  try {
    const { loggedIn, accounts } = JSON.parse(stdout) as { loggedIn?: boolean; accounts?: unknown[] }
    return loggedIn === true ? (accounts?.length ?? 0) : null
  } catch {
    return null
  }
}
