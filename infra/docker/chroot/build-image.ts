import { execFile } from "node:child_process"
import { readFile, realpath } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { buildStages, type Image } from "./build-stages.ts"
import { debianBase } from "./debian-base.ts"
import { readIgnoreFile } from "./ignore-file.ts"
import { parseDockerfile } from "./parse-dockerfile.ts"

const run = promisify(execFile)
const dockerFolder = fileURLToPath(new URL("..", import.meta.url))
const context = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "")

/** Builds one of the project's Dockerfiles (`streamer.Dockerfile`) in chroots below an empty folder. Needs root. */
export async function buildImage(
  dockerfile: string,
  folder: string,
  onStep: (step: string) => void = () => undefined,
): Promise<Image> {
  const path = join(dockerFolder, dockerfile)
  const { stdout } = await run("sh", ["-c", "command -v npm"])
  // npm-cli.js lies in npm's `bin`.
  const npm = dirname(dirname(await realpath(stdout.trim())))
  return buildStages({
    stages: parseDockerfile(await readFile(path, "utf8")),
    ...{ context, folder, npm, onStep },
    base: await debianBase(),
    node: process.execPath,
    isIgnored: readIgnoreFile(await readFile(`${path}.dockerignore`, "utf8")),
  })
}
