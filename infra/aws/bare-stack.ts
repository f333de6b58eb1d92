import { BootstraplessSynthesizer, type IStackSynthesizer, Stack, type StackProps } from "aws-cdk-lib"
import type { Construct } from "constructs"

/**
 * A stack that `cdk deploy` brings up without `cdk bootstrap`: it has no assets, so it needs no bucket, no
 * repository and no roles that may do anything, and the deployer's own rights are all there are.
 * CloudFormation takes such a template up to 51,200 bytes.
 */
export class BareStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    // The library is not compiled with exact optional properties, so some of its classes miss being what they
    // implement by an `undefined`; here and wherever one is named as its interface.
    const synthesizer = new BootstraplessSynthesizer() as IStackSynthesizer
    super(scope, id, { ...props, stackName: id, synthesizer })
  }
}
