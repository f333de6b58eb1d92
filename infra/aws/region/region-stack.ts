import { Fn, type StackProps } from "aws-cdk-lib"
import type { Construct } from "constructs"
import { BareStack } from "../bare-stack.ts"
import type { RegionSettings } from "../environment/region-settings.ts"

/** A stack of one region that knows its availability zones without asking AWS. */
export class RegionStack extends BareStack {
  readonly #zones: number

  constructor(scope: Construct, id: string, { zones }: Pick<RegionSettings, "zones">, props: StackProps) {
    super(scope, id, props)
    this.#zones = zones
  }

  /** With an account in `env` the library would look them up, which needs credentials and a network. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.#zones }, (_, index) => Fn.select(index, Fn.getAzs()))
  }
}
