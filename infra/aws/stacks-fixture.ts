import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { App, Stack } from "aws-cdk-lib"
import { Template } from "aws-cdk-lib/assertions"
import { buildStacks, createApp } from "./build-stacks.ts"
import { type EnvironmentInput, environmentSchema } from "./environment/environment-settings.ts"
import { type Json, readable } from "./template-text-fixture.ts"

/** The stacks of an environment, each as the library's template and as text that can be read. */
export class Stacks {
  readonly app: App
  readonly names: string[]
  readonly #templates = new Map<string, Template>()
  readonly #folder = mkdtempSync(join(tmpdir(), "tributary-stacks-"))

  constructor(input: EnvironmentInput) {
    // Checking against CloudFormation's rules takes seconds; one test does it for all.
    this.app = createApp({ outdir: this.#folder, builtinCloudFormationValidation: false })
    buildStacks(this.app, environmentSchema.parse(input))
    const stacks = this.app.node.children as Stack[]
    this.names = stacks.map(({ stackName }) => stackName)
    for (const stack of stacks) this.#templates.set(stack.stackName, Template.fromStack(stack))
  }

  /** Removes what the library wrote. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  template(name: string): Template {
    const template = this.#templates.get(name)
    if (template === undefined) throw new Error(`no stack ${name}; there are ${this.names.join(", ")}`)
    return template
  }

  /** The resources of a type by their logical ids. */
  readable(name: string, type: string): Record<string, Resource> {
    return readable(this.template(name).findResources(type) as Json) as unknown as Record<string, Resource>
  }

  /** The only resource of a type. */
  only(name: string, type: string): Resource["Properties"] {
    const resources = Object.values(this.readable(name, type))
    const [resource] = resources
    if (resource === undefined || resources.length > 1)
      throw new Error(`${name} has ${resources.length} of ${type}`)
    return resource.Properties
  }
}

/** A resource of a template; what its properties are, the test says. */
export interface Resource {
  // biome-ignore lint/suspicious/noExplicitAny: a template's shape is what the tests are about.
  Properties: Record<string, any>
  DependsOn?: string[]
}
