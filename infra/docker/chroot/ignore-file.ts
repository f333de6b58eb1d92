import { matchesGlob } from "node:path"

/**
 * Reads a `.dockerignore` file (https://docs.docker.com/build/concepts/context/#dockerignore-files) and says of a path,
 * relative to the context, whether it is left out: the last pattern that matches it or a folder above it decides.
 */
export function readIgnoreFile(text: string): (path: string) => boolean {
  const lines = text.split("\n").map((line) => line.trim())
  const patterns = lines.filter((line) => line !== "" && !line.startsWith("#"))
  return (path) => {
    const parts = path.split("/")
    const within = parts.map((_, index) => parts.slice(0, index + 1).join("/"))
    let ignored = false
    for (const line of patterns) {
      const keeps = line.startsWith("!")
      const pattern = keeps ? line.slice(1) : line
      if (within.some((each) => matchesGlob(each, pattern))) ignored = !keeps
    }
    return ignored
  }
}
