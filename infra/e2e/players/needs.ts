import { access, constants } from "node:fs/promises"
import { isAbsolute, join } from "node:path"

/** Something that a machine has when a Debian package is installed. */
export interface Need {
  /** A program that is looked up in `PATH`, or a file's whole path. */
  has: string
  package: string
}

/** The packages of what this machine does not have, each once. */
export async function missingPackages(
  needs: readonly Need[],
  path = process.env.PATH ?? "",
): Promise<string[]> {
  const folders = path.split(":").filter((folder) => folder !== "")
  const missing = await Promise.all(
    needs.map(async ({ has, package: name }) => {
      const places = isAbsolute(has) ? [has] : folders.map((folder) => join(folder, has))
      const mode = isAbsolute(has) ? constants.R_OK : constants.X_OK
      const found = await Promise.any(places.map((place) => access(place, mode))).then(
        () => true,
        () => false,
      )
      return found ? [] : [name]
    }),
  )
  return [...new Set(missing.flat())]
}
