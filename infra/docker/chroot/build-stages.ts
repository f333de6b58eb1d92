import { execFile } from "node:child_process"
import { chmod, copyFile, cp, mkdir, rm, stat, symlink } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { promisify } from "node:util"
import { copyOf, execFormOf, type Instruction, pairsOf, type Stage } from "./parse-dockerfile.ts"

const run = promisify(execFile)

/** What the last stage says of the container that it becomes. */
export interface Image {
  root: string
  user: string
  folder: string
  environment: Record<string, string>
  command: string[]
  /** Of `HEALTHCHECK`; null: there is none. */
  healthCheck: string[] | null
}

export interface BuildOptions {
  stages: readonly Stage[]
  /** The root of the repository. */
  context: string
  /** An empty folder for the file systems of the stages. */
  folder: string
  /** A tar file of `debian:bookworm-slim`'s counterpart (`debootstrap --variant=minbase`). */
  base: string
  /** Node's program and npm's folder, which stand in for what `node:…` images bring. */
  node: string
  npm: string
  /** A Dockerfile names the paths left out of the context; this says it of one path. */
  isIgnored: (path: string) => boolean
  onStep: (step: string) => void
}

/** Carries a Dockerfile's instructions out in chroots; rejects with the output of the step that failed. Needs root. */
export async function buildStages(options: BuildOptions): Promise<Image> {
  const built = new Map<string, Image>()
  let last: Image | undefined
  for (const [index, stage] of options.stages.entries()) {
    const root = join(options.folder, stage.name ?? `stage-${index}`)
    last = await buildStage(options, stage, root, built)
    if (stage.name !== null) built.set(stage.name, last)
  }
  if (last === undefined) throw new Error("the Dockerfile has no stage")
  return last
}

async function buildStage(
  options: BuildOptions,
  stage: Stage,
  root: string,
  built: ReadonlyMap<string, Image>,
): Promise<Image> {
  const image = await startStage(options, stage, root, built)
  const buildArguments: Record<string, string> = {}
  for (const instruction of stage.instructions) {
    options.onStep(`${instruction.name} ${instruction.text}`)
    switch (instruction.name) {
      case "ARG":
        Object.assign(buildArguments, Object.fromEntries(pairsOf(instruction)))
        break
      case "ENV":
        Object.assign(image.environment, Object.fromEntries(pairsOf(instruction)))
        break
      case "USER":
        image.user = instruction.text
        break
      case "WORKDIR":
        image.folder = instruction.text
        await mkdir(join(root, instruction.text), { recursive: true })
        break
      case "COPY":
        await copy(options, image, instruction, built)
        break
      case "RUN":
        await runIn(image, instruction.text, buildArguments)
        break
      case "CMD":
        image.command = execFormOf(instruction)
        break
      case "HEALTHCHECK":
        image.healthCheck = execFormOf(instruction)
        break
      // `VOLUME` and `EXPOSE` only tell whoever runs the image.
      default:
    }
  }
  return image
}

async function startStage(
  { base, node, npm }: BuildOptions,
  stage: Stage,
  root: string,
  built: ReadonlyMap<string, Image>,
): Promise<Image> {
  const earlier = built.get(stage.base)
  await mkdir(root, { recursive: true })
  if (earlier !== undefined) {
    await run("cp", ["-a", `${earlier.root}/.`, root])
    return { ...earlier, root, environment: { ...earlier.environment } }
  }
  await run("tar", ["-xf", base, "-C", root])
  // What a container engine does: no service starts while packages are installed, and names can be looked up.
  await copyFile("/etc/resolv.conf", join(root, "etc/resolv.conf"))
  if (stage.base.startsWith("node:")) {
    const local = join(root, "usr/local")
    await mkdir(join(local, "lib/node_modules"), { recursive: true })
    await copyFile(node, join(local, "bin/node"))
    await chmod(join(local, "bin/node"), 0o755)
    await cp(npm, join(local, "lib/node_modules/npm"), { recursive: true })
    await symlink("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm"))
  } else if (!stage.base.startsWith("debian:bookworm")) {
    throw new Error(`there is no counterpart of ${stage.base} here`)
  }
  return { root, user: "root", folder: "/", environment: {}, command: [], healthCheck: null }
}

async function copy(
  { context, isIgnored }: BuildOptions,
  image: Image,
  instruction: Instruction,
  built: ReadonlyMap<string, Image>,
): Promise<void> {
  const { from, sources, target } = copyOf(instruction)
  const stage = from === null ? null : built.get(from)
  if (stage === undefined) throw new Error(`line ${instruction.line}: there is no stage ${from}`)
  const into = join(image.root, target.startsWith("/") ? "" : image.folder, target)
  for (const source of sources) {
    const path = join(stage === null ? context : stage.root, source)
    const isFolder = (await stat(path)).isDirectory()
    const to = !isFolder && (target.endsWith("/") || target === ".") ? join(into, basename(path)) : into
    await mkdir(isFolder ? to : dirname(to), { recursive: true })
    await cp(path, to, {
      recursive: true,
      // As it is: npm's links to the workspaces point to folders that come later.
      verbatimSymlinks: true,
      filter: (each) => stage !== null || !isIgnored(each.slice(context.length + 1)),
    })
  }
}

// In namespaces of its own: the mounts, and whatever a step leaves running, end with it.
const chrootScript = `
set -e
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
[ ! -f "$CERTIFICATES" ] || cp "$CERTIFICATES" "$ROOT/tmp/certificates.crt"
exec chroot "$ROOT" /bin/sh -c "cd '$FOLDER' && $STEP"
`

async function runIn(image: Image, step: string, buildArguments: Record<string, string>): Promise<void> {
  try {
    await run("unshare", ["--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", chrootScript], {
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...{
          PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          HOME: "/root",
          LC_ALL: "C",
        },
        ...buildArguments,
        ...image.environment,
        ...{ ROOT: image.root, FOLDER: image.folder, STEP: step },
        // This machine may reach the npm registry through a proxy with a certificate of its own.
        ...{ CERTIFICATES: "/etc/ssl/certs/ca-certificates.crt", npm_config_cafile: "/tmp/certificates.crt" },
      },
    })
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string }
    throw new Error(`RUN ${step}\n${stdout.slice(-2_000)}${stderr.slice(-2_000)}`, { cause: error })
  }
}

/** Removes what was built; nothing of it is mounted once its steps have ended. */
export async function removeStages(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
