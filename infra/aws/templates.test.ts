import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { buildStacks, createApp } from "./build-stacks.ts"
import { type EnvironmentInput, environmentSchema } from "./environment/environment-settings.ts"
import { environments } from "./environments.ts"
import { farEnvironment, homeEnvironment } from "./environments-fixture.ts"
import { Stacks } from "./stacks-fixture.ts"
import { type Json, layOut, readable } from "./template-text-fixture.ts"

const fixtures = [homeEnvironment, farEnvironment].map((input) => new Stacks(input))
// What they say is the operator's; that it can be deployed is ours.
const real = Object.entries<EnvironmentInput>(environments).map(
  ([name, input]) => [name, input, new Stacks(input)] as const,
)
const realStacks = real.map(([, , stacks]) => stacks)
afterAll(() => {
  for (const stacks of [...fixtures, ...realStacks]) stacks.close()
})

const templatesOf = (all: Stacks[]) =>
  all.flatMap((stacks) => stacks.names.map((name) => ({ name, template: stacks.template(name).toJSON() })))

describe("the template of", () => {
  // A new logical id replaces what is running, a new property may restart it: both are to be seen in a review.
  it.each(templatesOf(fixtures))("$name is as it was", async ({ name, template }) => {
    const text = layOut(readable(template as Json))
    await expect(`${text}\n`).toMatchFileSnapshot(`./snapshots/${name}.template`)
  })

  const templates = templatesOf([...fixtures, ...realStacks])

  it.each(templates)("$name is small enough to be deployed without a bucket", ({ template }) => {
    // CloudFormation takes 51,200 bytes; the CLI sends it as YAML, which is shorter than this.
    expect(JSON.stringify(template, null, 1).length).toBeLessThan(45_000)
  })

  it.each(templates)("$name has no custom resource, no function and no parameter", ({ template }) => {
    const resources = Object.values(template.Resources as Record<string, { Type: string }>)
    const types = resources.map(({ Type }) => Type)
    expect(types.filter((type) => /^(Custom::|AWS::Lambda|AWS::CloudFormation)/.test(type))).toEqual([])
    expect(template.Parameters).toBeUndefined()
  })
})

describe("an environment", () => {
  it.each(real)(
    "has a stack for its secrets and its edge, and two for each region: %s",
    (_, input, stacks) => {
      const { name, regions } = input
      expect(stacks.names).toEqual([
        `${name}-secrets`,
        `${name}-edge`,
        ...regions.flatMap(({ awsRegion }) => [`${name}-${awsRegion}-base`, `${name}-${awsRegion}-streamer`]),
      ])
    },
  )

  it.each([...fixtures, ...realStacks])("needs neither an asset nor an answer of AWS: $names", (stacks) => {
    const assembly = stacks.app.synth()
    expect(assembly.manifest.missing).toBeUndefined()
    for (const stack of assembly.stacks) expect(stack.assets).toEqual([])
  })

  it("breaks none of CloudFormation's own rules", { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "tributary-rules-"))
    try {
      const app = createApp({ outdir: folder })
      for (const input of [homeEnvironment, farEnvironment]) buildStacks(app, environmentSchema.parse(input))
      app.synth()
      const report = await readFile(join(folder, "validation-report.json"), "utf8")
      expect(JSON.parse(report)).toMatchObject({ title: "Validation Report", pluginReports: [] })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it("whose domains exist nowhere is warned of", () => {
    const warnings = fixtures.map((stacks) =>
      stacks.app.synth().stacks.flatMap(({ messages }) => messages.map(({ entry }) => String(entry.data))),
    )
    expect(warnings).toEqual([
      [expect.stringMatching(/^streams\.tv\.example exists nowhere: set your own/)],
      [],
    ])
  })
})
