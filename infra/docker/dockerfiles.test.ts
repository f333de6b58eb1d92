import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { streamerFlags } from "../local/parts/streamer-flags.ts"
import { readIgnoreFile } from "./chroot/ignore-file.ts"
import { copyOf, execFormOf, type Instruction, parseDockerfile } from "./chroot/parse-dockerfile.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const read = (path: string) => readFileSync(join(root, path), "utf8")
const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: { node: string } }

describe.each(["streamer", "edge"])("%s.Dockerfile", (name) => {
  const path = `infra/docker/${name}.Dockerfile`
  const stages = parseDockerfile(read(path))
  const last = stages.at(-1)
  const lastOf = (instruction: string): Instruction => {
    const found = last?.instructions.findLast((each) => each.name === instruction)
    if (found === undefined) throw new Error(`no ${instruction}`)
    return found
  }

  it("copies what there is, and what its ignore file lets through", () => {
    const isIgnored = readIgnoreFile(read(`${path}.dockerignore`))
    const copies = stages.flatMap(({ instructions }) => instructions.filter((each) => each.name === "COPY"))
    const sources = copies.map(copyOf).flatMap((copy) => (copy.from === null ? copy.sources : []))
    expect(sources.filter((each) => isIgnored(each) || !existsSync(join(root, each)))).toEqual([])
    expect(isIgnored("node_modules")).toBe(true)
    expect(isIgnored("infra/deploy/production.env")).toBe(true)
  })

  it("builds with the Node that the npm scripts have", () => {
    const images = stages.map(({ base }) => base).filter((base) => base.startsWith("node:"))
    expect(new Set(images)).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]))
  })

  it("runs Node itself, of a user without rights, on a Debian without it", () => {
    expect(last?.base).toBe("debian:bookworm-slim")
    expect(lastOf("USER").text).toBe("tributary")
    const [program, ...words] = execFormOf(lastOf("CMD"))
    expect(program).toBe("node")
    expect(existsSync(join(root, words.at(-1) ?? ""))).toBe(true)
  })

  it("can be asked for its health", () => {
    const [program, file = ""] = execFormOf(lastOf("HEALTHCHECK"))
    expect(program).toBe("node")
    expect(existsSync(join(root, file))).toBe(true)
  })
})

describe("streamer.Dockerfile", () => {
  const stages = parseDockerfile(read("infra/docker/streamer.Dockerfile"))

  it("gives Node the flags that `npm start` gives it", () => {
    const command = stages.at(-1)?.instructions.find(({ name }) => name === "CMD") as Instruction
    expect(execFormOf(command).slice(1, -1)).toEqual([
      "--disable-warning=ExperimentalWarning",
      ...streamerFlags,
    ])
  })

  it("copies what changes most at the end, so that an upgrade is a small layer", () => {
    const texts = stages.at(-1)?.instructions.map(({ name, text }) => `${name} ${text}`) ?? []
    const order = [
      "RUN apt-get",
      "COPY --from=modules /usr/local/bin/node",
      "COPY --from=modules /app",
      "COPY streamer/src",
    ]
    const places = order.map((start) => texts.findIndex((text) => text.startsWith(start)))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
  })
})
