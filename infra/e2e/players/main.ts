// Has players that others wrote play what the whole system serves, and says what they saw:
//   npm run e2e:players [-- NAME... --screenshot FILE.png]
// Installs nothing. Exits 0 when each of them proved it, 1 when one did not or is not installed, 2 when it is
// called wrongly.
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { Findings } from "./findings.ts"
import { missingPackages } from "./needs.ts"
import { proofs } from "./proofs.ts"
import { type Scene, startScene } from "./scene.ts"

const print = (line: string) => void process.stdout.write(`${line}\n`)
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { screenshot: { type: "string" } },
})
const all = proofs(
  values.screenshot === undefined ? null : resolve(process.env.INIT_CWD ?? ".", values.screenshot),
)
const unknown = positionals.filter((name) => !all.some((proof) => proof.name === name))
if (unknown.length > 0) {
  print(`no player is named ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}`)
  process.exit(2)
}
const wanted = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const missing = new Map<string, string[]>()
for (const { name, needs } of wanted) missing.set(name, await missingPackages(needs))
const packages = [...new Set([...missing.values()].flat())]
if (packages.length > 0) print(`missing: apt-get install --no-install-recommends ${packages.join(" ")}`)

let scene: Scene | null = null
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void (scene?.close() ?? Promise.resolve()).finally(() => process.exit(130)))

const results: [name: string, result: string][] = []
try {
  for (const { name, show } of wanted) {
    const lacks = missing.get(name) ?? []
    if (lacks.length > 0) {
      results.push([name, `not installed: ${lacks.join(" ")}`])
      continue
    }
    print(`\n${name}`)
    scene ??= await startScene()
    const findings = new Findings(print)
    const from = performance.now()
    try {
      await scene.clear()
      await show(scene, findings)
    } catch (error) {
      findings.fail(String(error).slice(0, 1_000))
    }
    const seconds = Math.round((performance.now() - from) / 1000)
    results.push([name, `${findings.isProof ? "passed" : "FAILED"} in ${seconds} s`])
  }
} finally {
  await scene?.close()
}
print("")
for (const [name, result] of results) print(`${name.padEnd(12)} ${result}`)
process.exitCode = results.every(([, result]) => result.startsWith("passed")) ? 0 : 1
