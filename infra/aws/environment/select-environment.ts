import { type Environment, type EnvironmentInput, environmentSchema } from "./environment-settings.ts"
import { describeSetting } from "./settings-record.ts"

export type Selection = { ok: true; environment: Environment } | { ok: false; message: string }

const options = ["environment", "imageTag"] as const

// What the CLI and the library put into the context themselves.
const isOfTheKit = (key: string) => /^(aws:|aws-cdk|@aws-cdk)/.test(key) || key === "cli-telemetry"

/**
 * The environment that `-c environment=…` names, with `-c imageTag=…` in place of its own tag. An unknown
 * option, environment or setting is refused with its name and with what exists.
 */
export function selectEnvironment(
  environments: Readonly<Record<string, EnvironmentInput>>,
  context: Readonly<Record<string, unknown>>,
): Selection {
  const unknown = Object.keys(context).find(
    (key) => !isOfTheKit(key) && !options.some((option) => option === key),
  )
  if (unknown !== undefined)
    return { ok: false, message: `-c ${unknown}: unknown option; there are ${options.join(", ")}` }
  const name = String(context.environment ?? "")
  const input = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (input === undefined) {
    const known = Object.keys(environments).join(", ")
    return { ok: false, message: `-c environment: "${name}" is none; there are ${known}` }
  }
  const tag = context.imageTag
  const image = tag === undefined ? input.image : { ...input.image, tag: String(tag) }
  const parsed = environmentSchema.safeParse({ ...input, image })
  if (!parsed.success) return { ok: false, message: `${name}: ${describeSetting(parsed.error)}` }
  const twin = Object.keys(environments).find(
    (other) => other !== name && environments[other]?.name === input.name,
  )
  if (twin !== undefined)
    return { ok: false, message: `${name}: name: "${input.name}" is that of ${twin} too` }
  return { ok: true, environment: parsed.data }
}
