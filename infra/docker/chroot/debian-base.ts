import { execFile } from "node:child_process"
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

/** Where the base is kept between runs: making it takes half a minute. */
export const baseFile = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "tributary",
  "bookworm.tar",
)

/** A tar file of the smallest Debian that apt works in, made by debootstrap unless it is there. Needs root. */
export async function debianBase(): Promise<string> {
  const exists = await access(baseFile).then(
    () => true,
    () => false,
  )
  if (exists) return baseFile
  const work = await mkdtemp(join(tmpdir(), "tributary-base-"))
  try {
    // Programs for root are not on every user's path.
    const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
    const options = { env: environment, maxBuffer: 64 * 1024 * 1024 }
    await run("debootstrap", ["--variant=minbase", "bookworm", join(work, "root")], options)
    await run("tar", ["-cf", join(work, "base.tar"), "-C", join(work, "root"), "."])
    await mkdir(dirname(baseFile), { recursive: true })
    // A name appears when all of it is written; the cache may be on another file system.
    await run("cp", [join(work, "base.tar"), `${baseFile}.new`])
    await rename(`${baseFile}.new`, baseFile)
    return baseFile
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
