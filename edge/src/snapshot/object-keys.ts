// R2 refuses longer keys.
const maxKeyBytes = 1_024

/** What streamers keep in the bucket beside snapshots, and may list to clean up. */
const listedFolders = ["catalogue", "guides", "details"]

/** Streamers write into their folders, and nothing by a way round: the pointer is moved by publishing. */
export function isObjectOfStreamers(key: string): boolean {
  const [folder = "", ...segments] = key.split("/")
  return (
    (folder === "snapshots" || listedFolders.includes(folder)) &&
    segments.length > 0 &&
    segments.every((segment) => segment !== "" && segment !== "." && segment !== "..") &&
    new TextEncoder().encode(key).length <= maxKeyBytes
  )
}

/** Whether streamers may list the keys that begin so. */
export function isListedPrefix(prefix: string): boolean {
  return listedFolders.some((folder) => prefix.startsWith(`${folder}/`))
}
