import type { Names } from "../names.ts"

/** Made by AWS once, known to nobody before; the variable that a task has it in. */
export const generatedSecrets = [
  { part: "secret", variable: "TRIBUTARY_SECRET", description: "Signs tickets and seals providers' logins" },
  { part: "api-token", variable: "API_TOKEN", description: "Of the streams API" },
  { part: "metrics-token", variable: "METRICS_TOKEN", description: "Of /metrics" },
] as const

/** Given by the operator, as JSON whose keys are the variables that a task has them in. */
export const givenSecrets = [
  {
    part: "accounts",
    variables: ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN", "CLOUDFLARE_API_TOKEN"],
    description: "The database, and the token that may edit DNS records of the zone",
  },
  {
    // By itself: whoever renews the certificate writes this one and may know no other.
    part: "tls",
    variables: ["TLS_CERTIFICATE", "TLS_KEY"],
    description: "PEM of the wildcard certificate with its chain, and its key",
  },
] as const

/** A variable of a task, the secret's name, and the key of its JSON unless the whole secret is meant. */
export interface SecretVariable {
  variable: string
  secretName: string
  key: string | null
}

/** Every variable of a task that comes from Secrets Manager. */
export function secretVariables({ secret }: Names): SecretVariable[] {
  return [
    ...generatedSecrets.map(({ part, variable }) => ({ variable, secretName: secret(part), key: null })),
    ...givenSecrets.flatMap(({ part, variables }) =>
      variables.map((variable) => ({ variable, secretName: secret(part), key: variable })),
    ),
  ]
}
