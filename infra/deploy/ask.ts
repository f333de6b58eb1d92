import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { type SettingName, secretNames } from "./deploy-settings.ts"

const questions: Partial<Record<SettingName, string>> = {
  BASE_URL: "The edge's address (https://tv.example.com, in a zone of your Cloudflare account)",
  UPSTASH_REDIS_REST_URL: "UPSTASH_REDIS_REST_URL, as the database's page at Upstash shows it",
  UPSTASH_REDIS_REST_TOKEN: "UPSTASH_REDIS_REST_TOKEN, from the same place (not shown as you type)",
}

/** Asks at the terminal for a setting; what is typed for a secret is not shown. */
export async function ask(name: SettingName): Promise<string> {
  process.stderr.write(`${questions[name] ?? name}: `)
  const isSecret = secretNames.some((each) => each === name) && name !== "UPSTASH_REDIS_REST_URL"
  const output = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  try {
    return await terminal.question("")
  } finally {
    terminal.close()
    if (isSecret) process.stderr.write("\n")
  }
}
