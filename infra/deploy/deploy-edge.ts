import { awaitHealth, type Health, type HealthOptions, isWithoutStreamers } from "./await-health.ts"
import type { Cloudflare, Outcome, Refusal } from "./cloudflare.ts"
import { type DeploySettings, missingCompanion, type SettingName, varNames } from "./deploy-settings.ts"
import { planSecrets } from "./plan-secrets.ts"
import type { RunProgram } from "./run-program.ts"
import type { SettingsFile } from "./settings-file.ts"

export interface DeployOptions {
  file: SettingsFile
  cloudflare: Cloudflare
  run: RunProgram
  /** The root of the repository. */
  root: string
  /** `CLOUDFLARE_ACCOUNT_ID`, for logins with several accounts. */
  accountId: string | undefined
  /** Asks whoever sits there, without showing what is typed for a secret; null: nobody does. */
  ask: ((name: SettingName) => Promise<string>) | null
  /** 32 random bytes as text. */
  makeSecret: () => string
  say: (line: string) => void
  health: Omit<HealthOptions, "baseUrl">
}

/** Brings the edge to Cloudflare, or what is there up to date; running it again changes nothing that is right. */
export async function deployEdge(options: DeployOptions): Promise<Outcome<null>> {
  const { cloudflare, say } = options
  const login = await cloudflare.checkLogin(options.accountId)
  if (!login.ok) return login
  const onWorker = await cloudflare.secretNames()
  if (!onWorker.ok) return onWorker
  const completed = await completeSettings(options, onWorker.value)
  if (!completed.ok) return completed
  const settings = completed.value

  say("building the dashboard")
  const built = await options.run("turbo", ["run", "build", "--filter=@tributary/dashboard"], options.root)
  if (built.code !== 0)
    return {
      ok: false,
      problem: `${built.output.trim().split("\n").slice(-12).join("\n")}\nthe dashboard could not be built`,
      advice: "npm run build -w edge/dashboard says why.",
    }
  const bucket = await cloudflare.ensureBucket()
  if (!bucket.ok) return bucket
  say(bucket.value === "made" ? "made the bucket of snapshots" : "the bucket of snapshots is there")

  const plan = planSecrets(settings, onWorker.value)
  say(`uploading the Worker with ${plan.upload.length} secrets (${plan.keep.length} stay as they are)`)
  const baseUrl = settings.BASE_URL as string
  const uploaded = await cloudflare.upload({
    vars: pick(settings, varNames),
    secrets: pick(settings, plan.upload),
    domain: domainOf(baseUrl),
  })
  if (!uploaded.ok) return uploaded
  say(`asking ${baseUrl}/health`)
  return judge(await awaitHealth({ ...options.health, baseUrl }), baseUrl, say)
}

/** What is missing is made or asked for, and kept in the file before it is in force. */
async function completeSettings(
  { file, ask, makeSecret, say }: DeployOptions,
  onWorker: ReadonlySet<string>,
): Promise<Outcome<DeploySettings>> {
  const read = await file.read()
  if (!read.ok) return settingsRefused(read.problem, file)
  const plan = planSecrets(read.settings, onWorker)
  for (const name of plan.ask) {
    if (ask === null) return settingsRefused(`${name} is not set`, file)
    const answer = (await ask(name)).trim()
    if (answer === "" || answer.includes("'")) return settingsRefused(`${name} is not set`, file)
    await file.add(name, answer)
  }
  for (const name of plan.generate) {
    await file.add(name, makeSecret())
    say(`made ${name}; it is in ${file.path}`)
  }
  const completed = await file.read()
  if (!completed.ok) return settingsRefused(completed.problem, file)
  const missing = missingCompanion(completed.settings, onWorker)
  if (missing !== null)
    return settingsRefused(`${missing.name} is not set, and ${missing.neededFor} needs it`, file)
  return { ok: true, value: completed.settings }
}

const settingsRefused = (problem: string, file: SettingsFile): Refusal => ({
  ok: false,
  problem,
  advice: `Put it right in ${file.path} (NAME=value lines; infra/deploy/DEPLOY.md lists them), then run this again.`,
})

function judge(health: Health, baseUrl: string, say: (line: string) => void): Outcome<null> {
  if (health.kind === "ok") {
    say(`all is well: ${baseUrl}/ (${health.channels ?? 0} channels)`)
    return { ok: true, value: null }
  }
  if (isWithoutStreamers(health)) {
    say(`the edge is well: ${baseUrl}/ No streamer runs yet: infra/deploy/DEPLOY.md says how to start some.`)
    return { ok: true, value: null }
  }
  if (health.kind === "failing")
    return {
      ok: false,
      problem: `uploaded, but failing: ${health.parts.join(", ")}`,
      advice: health.parts.includes("store")
        ? "Compare UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN with what Upstash's console shows, then run this again."
        : "cd edge && wrangler tail --env production shows the Worker's log.",
    }
  return {
    ok: false,
    problem: `uploaded, but ${baseUrl}/health does not answer: ${health.reason}`,
    advice:
      "A new domain's certificate can take some minutes: run this again. The domain's zone has to be in this Cloudflare account. cd edge && wrangler tail --env production shows what the Worker says.",
  }
}

/** The host that the Worker is to answer; null for the one that Cloudflare gives it, and without TLS. */
function domainOf(baseUrl: string): string | null {
  const { hostname, protocol } = new URL(baseUrl)
  return protocol !== "https:" || hostname.endsWith(".workers.dev") ? null : hostname
}

function pick(settings: DeploySettings, names: readonly SettingName[]): Record<string, string> {
  const known = names.flatMap((name) => {
    const value = settings[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(known)
}
