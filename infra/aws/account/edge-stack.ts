import { CfnOutput, SecretValue, type StackProps } from "aws-cdk-lib"
import { AccessKey, Policy, User } from "aws-cdk-lib/aws-iam"
import { Secret } from "aws-cdk-lib/aws-secretsmanager"
import type { Construct } from "constructs"
import { BareStack } from "../bare-stack.ts"
import type { Environment } from "../environment/environment-settings.ts"
import { fleetOf } from "../fleet.ts"
import { namesOf } from "../names.ts"
import { edgeStatements } from "./edge-policy.ts"

/**
 * What the edge is given: a user that may scale the services, and `FLEET`.
 *
 * A user with a key and not a role: a Worker has no identity that AWS trusts. It could be its own OpenID
 * provider and sign tokens for `AssumeRoleWithWebIdentity`, but the key for that would lie where the access
 * key lies now, be good for the same, and AWS could not revoke it alone; IAM Roles Anywhere likewise. So the
 * key may do next to nothing and is replaced by adding one to `edgeKeySerial`.
 */
export class EdgeStack extends BareStack {
  constructor(scope: Construct, environment: Environment, props: StackProps) {
    const names = namesOf(environment)
    super(scope, names.stack("edge"), props)
    const user = new User(this, "User", { userName: names.stack("edge") })
    new Policy(this, "Policy", {
      users: [user],
      statements: edgeStatements(environment, { partition: this.partition, accountId: this.account }),
    })
    const key = new AccessKey(this, "Key", { user, serial: environment.edgeKeySerial })
    new Secret(this, "Credentials", {
      secretName: names.secret("edge"),
      description: "The edge's access key, named as its secrets are",
      // References, which CloudFormation resolves: the key is never in the template.
      secretObjectValue: {
        AWS_ACCESS_KEY_ID: SecretValue.unsafePlainText(key.accessKeyId),
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      },
    })
    new CfnOutput(this, "Fleet", {
      description: "The edge's variable FLEET",
      value: JSON.stringify(fleetOf(environment)),
    })
    new CfnOutput(this, "CredentialsSecret", {
      description: "Its value is JSON for `wrangler secret bulk`",
      value: names.secret("edge"),
    })
  }
}
