import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/**
 * Whether images can be built here: it takes root and two programs. `npm test` leaves it out, as it takes most of a minute,
 * unless `CHROOT_TEST=1` asks for it; CI does.
 */
export const canBuild =
  process.getuid?.() === 0 && ["debootstrap", "unshare"].every((program) => isInstalled(program))

export const isAsked = process.env.CHROOT_TEST === "1"

function isInstalled(program: string): boolean {
  // Programs for root are not on every user's path.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"]
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
