import { randomBytes } from "node:crypto"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import { SettingError } from "../setting-error.ts"

const secretsSchema = z.object({
  /** Signs tickets and seals credentials. Whoever loses it loses the stored credentials. */
  secret: z.string().min(32),
  adminToken: z.string().min(1),
  gatewayToken: z.string().min(1),
  /** Of the viewer that exists while none is configured. */
  viewerPassword: z.string().min(1),
})

export type Secrets = z.output<typeof secretsSchema>

/** The secrets of this installation: made at the first start, kept in the data directory. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, "secrets.json")
  await mkdir(dataDir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new SettingError(`DATA_DIR: ${dataDir} cannot be made (${error.code ?? error.message})`)
  })
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw new SettingError(`DATA_DIR: ${file} cannot be read (${error.code ?? error.message})`)
  })
  if (text !== null) return parseSecrets(file, text)
  const secrets = {
    secret: randomBytes(32).toString("base64url"),
    adminToken: randomBytes(18).toString("base64url"),
    gatewayToken: randomBytes(18).toString("base64url"),
    viewerPassword: randomBytes(6).toString("hex"),
  }
  await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 })
    .then(() => rename(`${file}.new`, file))
    .catch((error: NodeJS.ErrnoException) => {
      throw new SettingError(`DATA_DIR: ${dataDir} is not writable (${error.code ?? error.message})`)
    })
  return secrets
}

function parseSecrets(file: string, text: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch {
    throw new SettingError(`DATA_DIR: ${file} is damaged; restore it, or remove the directory to start anew`)
  }
}
