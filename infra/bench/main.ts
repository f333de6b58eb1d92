// Measures what the project promises: `npm run bench`, or some of it: `npm run bench -- parse serve`.
// Exits 0 however slow it all is, 1 when something could not be measured, 2 when it is called wrongly.
import { cpus, totalmem } from "node:os"
import { benches } from "./benches.ts"
import { markdownTable, Report } from "./report.ts"
import { Shared } from "./shared.ts"

const print = (line: string) => void process.stderr.write(`${line}\n`)
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name))
if (unknown.length > 0) {
  print(`no bench is named ${unknown.join(", ")}; there are:`)
  for (const { name, title } of benches) print(`  ${name.padEnd(10)} ${title}`)
  process.exit(2)
}

const shared = new Shared()
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void shared.close().finally(() => process.exit(130)))

const reports: Report[] = []
try {
  for (const { name, title, run } of benches) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    print(`\n${name}: ${title}`)
    const report = new Report(name, print)
    reports.push(report)
    try {
      await run(report, shared)
    } catch (error) {
      print(`  ${name} could not be measured: ${String(error).slice(0, 500)}`)
      process.exitCode = 1
    }
  }
} finally {
  await shared.close()
}
const processors = cpus()
const memory = Math.round(totalmem() / 1024 ** 3)
process.stdout.write(
  `\nNode ${process.versions.node}, ${processors.length} cores (${processors[0]?.model.trim()}), ${memory} GB\n\n` +
    markdownTable(reports.flatMap(({ rows }) => rows)),
)
