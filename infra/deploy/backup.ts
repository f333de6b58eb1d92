import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { Redis } from "@upstash/redis"
import { parseBackup, readBackup, restoreBackup } from "./config-backup.ts"
import { SettingsFile } from "./settings-file.ts"

/**
 * `node infra/deploy/backup.ts save|restore FILE`: the config to a file, or a file to the config. The store is the
 * environment's, as in `UPSTASH_REDIS_REST_URL`, or else that of production.env.
 */
function exitWith(problem: string): never {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}

const [act, path] = process.argv.slice(2)
if ((act !== "save" && act !== "restore") || path === undefined)
  exitWith("usage: node infra/deploy/backup.ts save|restore FILE")
const read = await new SettingsFile(fileURLToPath(new URL("production.env", import.meta.url))).read()
if (!read.ok) exitWith(read.problem)
const url = process.env.UPSTASH_REDIS_REST_URL ?? read.settings.UPSTASH_REDIS_REST_URL
const token = process.env.UPSTASH_REDIS_REST_TOKEN ?? read.settings.UPSTASH_REDIS_REST_TOKEN
if (url === undefined || token === undefined)
  exitWith(
    "UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN are neither in the environment nor in production.env",
  )
const redis = new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false })
try {
  if (act === "save") {
    const backup = await readBackup(redis, new Date())
    // A backup that is there is never written over.
    await writeFile(path, JSON.stringify(backup, null, 2), { mode: 0o600, flag: "wx" })
    process.stdout.write(`saved ${Object.keys(backup.hashes.sources).length} sources to ${path}\n`)
  } else {
    const backup = parseBackup(await readFile(path, "utf8"))
    await restoreBackup(redis, backup)
    process.stdout.write(`restored the config of ${backup.madeAt}\n`)
  }
} catch (error) {
  exitWith(`${path}: ${(error as Error).message}`)
}
