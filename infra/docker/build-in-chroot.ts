import { mkdir, readdir } from "node:fs/promises"
import { basename, resolve } from "node:path"
import { buildImage } from "./chroot/build-image.ts"

const usage = "usage: node infra/docker/build-in-chroot.ts streamer|edge FOLDER (as root, with debootstrap)"

/** Builds an image without a container engine, into `FOLDER`; the last line names the root of its file system. */
const [name, target] = process.argv.slice(2)
if (name === undefined || target === undefined || process.getuid?.() !== 0) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}
const folder = resolve(target)
await mkdir(folder, { recursive: true })
if ((await readdir(folder)).length > 0) {
  process.stderr.write(`${folder} is not empty\n`)
  process.exit(2)
}
const startedAt = performance.now()
const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
try {
  const image = await buildImage(`${basename(name)}.Dockerfile`, folder, (step) =>
    process.stderr.write(`${seconds()} s  ${step}\n`),
  )
  process.stderr.write(`${seconds()} s  done\n`)
  process.stdout.write(`${image.root}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
