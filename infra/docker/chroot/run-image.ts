import { type ChildProcess, execFile, spawn } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"
import type { Image } from "./build-stages.ts"

const run = promisify(execFile)

// The root can only be read, and /tmp is the one place to write: what `read_only` and `tmpfs` are in compose.yaml. The
// image's user has no more rights here than in a container, and process 1 is the command itself.
const containerScript = `
set -e
mount --bind "$ROOT" "$ROOT"
mount -o remount,bind,ro "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$ROOT/tmp"
cd "$ROOT"
exec chroot --userspec="$WHO" "$ROOT" /bin/sh -c 'cd "$FOLDER" && exec env -u ROOT -u WHO -u FOLDER "$@"' sh "$@"
`

export interface RunOptions {
  image: Image
  command: readonly string[]
  environment?: Record<string, string>
}

/** The arguments and the environment of `unshare` that run a command as a container of the image would. */
async function containerOf({ image, command, environment = {} }: RunOptions) {
  return {
    arguments: [
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "/bin/sh",
      "-c",
      containerScript,
      "sh",
      ...command,
    ],
    environment: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      ...image.environment,
      ...environment,
      ...{ ROOT: image.root, WHO: await userOf(image), FOLDER: image.folder },
    },
  }
}

/** Runs a command to its end in the image; rejects with its output when it fails. */
export async function runOnce(options: RunOptions): Promise<{ stdout: string; stderr: string }> {
  const container = await containerOf(options)
  return run("unshare", container.arguments, { env: container.environment, timeout: 60_000 })
}

/** A started container. */
export interface Container {
  child: ChildProcess
  /** The id of its process 1, as the machine counts. */
  pid(): Promise<number>
}

/** Starts a command in the image; its output is the child's. */
export async function startContainer(options: RunOptions): Promise<Container> {
  const container = await containerOf(options)
  const child = spawn("unshare", container.arguments, {
    env: container.environment,
    stdio: ["ignore", "pipe", "pipe"],
  })
  return {
    child,
    pid: async () => {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
      return Number(children.trim().split(" ")[0])
    },
  }
}

/** Numbers, as the machine's own users have other ones. */
async function userOf({ root, user }: Image): Promise<string> {
  const lines = (await readFile(`${root}/etc/passwd`, "utf8")).split("\n")
  const [, , id, group] = lines.find((line) => line.startsWith(`${user}:`))?.split(":") ?? []
  if (id === undefined || group === undefined) throw new Error(`the image has no user ${user}`)
  return `${id}:${group}`
}
