// biome-ignore-all lint/correctness/noNodejsModules: what ffmpeg itself says is asked
import { execFile, execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { allowedOptions, refusedOptions } from "./allowed-options.ts"

const isThere = (() => {
  try {
    return execFileSync("ffmpeg", ["-version"]).length > 0
  } catch {
    return false
  }
})()

/** What ffmpeg says before it opens anything. */
const complaint = (...words: string[]) =>
  new Promise<string>((resolve) => {
    const args = ["-hide_banner", "-nostdin", "-i", "/nonexistent", ...words]
    execFile("ffmpeg", args, (_error, _output, said) => resolve(said))
  })

const isUnknown = (said: string) => said.includes("Unrecognized option")
// An encoder's own option that comes last is not looked for among them.
const lacksValue = (said: string) => said.includes("Missing argument for option") || isUnknown(said)

describe.runIf(isThere)("ffmpeg", () => {
  it("knows every allowed option, and takes a value for it where we believe so", async () => {
    const rest = [...allowedOptions]
    const wrong: string[] = []
    const work = async () => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const [name, value] = next
        const takesValue = lacksValue(await complaint(`-${name}`))
        const sample = name === "sws_flags" ? "bicubic" : "1"
        const isKnown = !isUnknown(await complaint(`-${name}`, ...(value === null ? [] : [sample]), "out.ts"))
        if (!isKnown || takesValue !== (value !== null)) wrong.push(name)
      }
    }
    await Promise.all([work(), work()])
    expect(wrong).toEqual([])
  }, 60_000)
})

it("no option is both allowed and refused", () => {
  expect([...refusedOptions.keys()].filter((name) => allowedOptions.has(name))).toEqual([])
})
