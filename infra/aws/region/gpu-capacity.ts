import { AutoScalingGroup } from "aws-cdk-lib/aws-autoscaling"
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  InstanceType,
  LaunchTemplate,
  MachineImage,
  SubnetType,
  UserData,
} from "aws-cdk-lib/aws-ec2"
import { AsgCapacityProvider, type Cluster } from "aws-cdk-lib/aws-ecs"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Construct } from "constructs"
import type { GpuCapacitySettings } from "../environment/region-settings.ts"
import type { Network } from "./network.ts"

// Resolved when a machine starts, so that a new machine has the newest driver without a deployment.
const image = "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id"

/**
 * Machines with GPUs, as many as there are tasks. EC2 and not ECS managed instances: only there may the launch
 * template give a machine its public address and keep its credentials from version 1 of the metadata service,
 * and managed instances are replaced every two weeks, whoever watches.
 */
export function createGpuCapacity(
  scope: Construct,
  cluster: Cluster,
  { vpc, streamers }: Network,
  { instanceType, maximumInstances, diskGiB }: GpuCapacitySettings,
): AsgCapacityProvider {
  const userData = UserData.forLinux()
  // Tasks in the machine's own network get their role's credentials only if the agent is told so.
  userData.addCommands("echo ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true >> /etc/ecs/ecs.config")
  const launchTemplate = new LaunchTemplate(scope, "Machine", {
    instanceType: new InstanceType(instanceType),
    machineImage: MachineImage.resolveSsmParameterAtLaunch(image),
    userData,
    securityGroup: streamers,
    associatePublicIpAddress: true,
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    // What the agent needs is added with the cluster, for that cluster. AWS's managed policy is for all, and a
    // container in the machine's own network can read the machine's credentials.
    role: new Role(scope, "MachineRole", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") }),
    blockDevices: [
      {
        deviceName: "/dev/xvda",
        volume: BlockDeviceVolume.ebs(diskGiB, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
      },
    ],
  })
  const group = new AutoScalingGroup(scope, "Machines", {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
    launchTemplate,
    minCapacity: 0,
    maxCapacity: maximumInstances,
    // Only ECS ends a machine, when no task is on it.
    newInstancesProtectedFromScaleIn: true,
  })
  const provider = new AsgCapacityProvider(scope, "Gpu", {
    autoScalingGroup: group,
    enableManagedScaling: true,
    enableManagedTerminationProtection: true,
    enableManagedDraining: true,
    targetCapacityPercent: 100,
  })
  cluster.addAsgCapacityProvider(provider)
  return provider
}
