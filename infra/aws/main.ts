// What `cdk` runs: the stacks of one environment. Asks AWS nothing; exits 1 with one line for a bad setting.
import { buildStacks, createApp } from "./build-stacks.ts"
import { selectEnvironment } from "./environment/select-environment.ts"
import { environments } from "./environments.ts"

const app = createApp()
const selected = selectEnvironment(environments, app.node.getAllContext())
if (selected.ok) {
  buildStacks(app, selected.environment)
  app.synth()
} else {
  process.stderr.write(`${selected.message}\n`)
  process.exitCode = 1
}
