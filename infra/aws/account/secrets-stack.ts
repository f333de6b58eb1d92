import { RemovalPolicy, SecretValue, type StackProps } from "aws-cdk-lib"
import { type ReplicaRegion, Secret } from "aws-cdk-lib/aws-secretsmanager"
import type { Construct } from "constructs"
import { BareStack } from "../bare-stack.ts"
import type { Environment } from "../environment/environment-settings.ts"
import { namesOf } from "../names.ts"
import { generatedSecrets, givenSecrets } from "./secrets.ts"

/**
 * The secrets of an environment, in its home region, copied to its other regions by Secrets Manager: a ticket
 * that one region's streamer is given must be good at another's. They outlive the stack, since without
 * `TRIBUTARY_SECRET` the logins of all providers in the config are lost.
 */
export class SecretsStack extends BareStack {
  constructor(scope: Construct, environment: Environment, props: StackProps) {
    const names = namesOf(environment)
    super(scope, names.stack("secrets"), { ...props, terminationProtection: true })
    const replicaRegions: ReplicaRegion[] = environment.regions
      .slice(1)
      .map(({ awsRegion }) => ({ region: awsRegion }))
    const shared = { replicaRegions, removalPolicy: RemovalPolicy.RETAIN }

    for (const { part, description } of generatedSecrets)
      new Secret(this, part, {
        ...shared,
        description,
        secretName: names.secret(part),
        generateSecretString: { passwordLength: 64, excludePunctuation: true },
      })
    for (const { part, variables, description } of givenSecrets)
      new Secret(this, part, {
        ...shared,
        description,
        secretName: names.secret(part),
        // Empty until the operator fills them in: a task then ends at once and names what it lacks. A change
        // of this text, a further key for one, would empty the secret of a running system.
        secretObjectValue: Object.fromEntries(
          variables.map((variable) => [variable, SecretValue.unsafePlainText("")]),
        ),
      })
  }
}
