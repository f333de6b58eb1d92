import {
  IpAddresses,
  IpProtocol,
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2"
import type { Construct } from "constructs"
import type { RegionSettings } from "../environment/region-settings.ts"
import { streamerPort } from "../names.ts"

export interface Network {
  vpc: IVpc
  /** Of whatever has the streamers' port: tasks of their own, or machines whose port a task uses. */
  streamers: ISecurityGroup
}

/**
 * Public subnets only. Each streamer has a public address of its own, which players connect to; what goes out
 * goes by the same way, so there is no NAT gateway, whose price per byte would be the largest of all.
 */
export function createNetwork(
  scope: Construct,
  { network, zones }: Pick<RegionSettings, "network" | "zones">,
): Network {
  const isDualStack = network.addresses === "dual-stack"
  const vpc = new Vpc(scope, "Vpc", {
    ipAddresses: IpAddresses.cidr(network.cidr),
    ...(isDualStack ? { ipProtocol: IpProtocol.DUAL_STACK } : {}),
    maxAzs: zones,
    natGateways: 0,
    // A task asks for its public address, and so does a machine; nothing gets one unasked.
    subnetConfiguration: [{ name: "public", subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false }],
    // Closing the default group takes a Lambda function with code from a bucket. Nothing is in that group.
    restrictDefaultSecurityGroup: false,
  }) as IVpc
  const streamers = new SecurityGroup(scope, "Streamers", {
    vpc,
    description: "Players to streamers, streamers to anywhere",
    allowAllOutbound: true,
    ...(isDualStack ? { allowAllIpv6Outbound: true } : {}),
  })
  streamers.addIngressRule(Peer.anyIpv4(), Port.tcp(streamerPort), "Players, other streamers and the edge")
  if (isDualStack)
    streamers.addIngressRule(Peer.anyIpv6(), Port.tcp(streamerPort), "Players, other streamers and the edge")
  return { vpc, streamers }
}
