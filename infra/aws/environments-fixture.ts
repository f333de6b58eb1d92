import type { EnvironmentInput } from "./environment/environment-settings.ts"

const load = { minimum: 1, maximum: 4, viewersPerTask: 300, bitsPerSecondPerTask: 1e9, transcodesPerTask: 4 }

/** One region with what is usual: Fargate, its own images, alarms by mail. */
export const homeEnvironment: EnvironmentInput = {
  name: "tributary",
  edgeUrl: "https://tv.example",
  streamerDomain: "streams.tv.example",
  cloudflareZoneId: "00000000000000000000000000000000",
  alarmEmail: "operator@tv.example",
  image: { tag: "0.1.0" },
  regions: [
    {
      name: "eu",
      awsRegion: "eu-central-1",
      continent: "EU",
      capacity: { kind: "fargate" },
      task: { architecture: "arm64", cpu: 2048, memoryMiB: 4096, maxViewers: 400 },
      load,
    },
  ],
}

/** Two regions that use what the other does not: dual stack, spot, named zones, GPUs, a public image. */
export const farEnvironment: EnvironmentInput = {
  name: "far",
  account: "123456789012",
  edgeUrl: "https://tv.far.org",
  streamerDomain: "streams.far.org",
  cloudflareZoneId: "0123456789abcdef0123456789abcdef",
  containerInsights: "off",
  image: { repository: "ghcr.io/far/streamer", tag: "2.0.0" },
  edgeKeySerial: 3,
  regions: [
    {
      name: "us",
      awsRegion: "us-east-1",
      continent: "NA",
      zones: 3,
      network: { cidr: "10.8.0.0/16", addresses: "dual-stack" },
      capacity: { kind: "fargate", onDemandWeight: 1, spotWeight: 3 },
      task: { architecture: "x86_64", cpu: 1024, memoryMiB: 2048, storageGiB: 40 },
      load,
    },
    {
      name: "asia",
      awsRegion: "ap-southeast-1",
      continent: "AS",
      capacity: { kind: "gpu", instanceType: "g4dn.xlarge", maximumInstances: 8 },
      task: { architecture: "x86_64", cpu: 4096, memoryMiB: 14_336 },
      load,
    },
  ],
}
