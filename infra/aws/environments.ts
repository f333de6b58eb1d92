import type { EnvironmentInput } from "./environment/environment-settings.ts"

/**
 * The deployments there are; `-c environment=…` chooses one. What each setting means stands in
 * `environment/`. Names under `.example` are to be replaced: those domains exist nowhere.
 */
export const environments = {
  production: {
    name: "tributary",
    edgeUrl: "https://tv.example",
    streamerDomain: "streams.tv.example",
    cloudflareZoneId: "00000000000000000000000000000000",
    alarmEmail: "operator@tv.example",
    logRetentionDays: 30,
    containerInsights: "on",
    image: { tag: "0.1.0" },
    regions: [
      {
        name: "eu",
        awsRegion: "eu-central-1",
        continent: "EU",
        capacity: { kind: "fargate" },
        task: { architecture: "arm64", cpu: 2048, memoryMiB: 4096, maxViewers: 400 },
        load: {
          minimum: 0,
          maximum: 20,
          viewersPerTask: 300,
          bitsPerSecondPerTask: 1_500_000_000,
          transcodesPerTask: 4,
        },
      },
    ],
  },
  staging: {
    name: "tributary-staging",
    edgeUrl: "https://staging.tv.example",
    streamerDomain: "streams.staging.tv.example",
    cloudflareZoneId: "00000000000000000000000000000000",
    logRetentionDays: 7,
    containerInsights: "off",
    image: { tag: "0.1.0" },
    regions: [
      {
        name: "eu",
        awsRegion: "eu-central-1",
        continent: "EU",
        capacity: { kind: "fargate", onDemandWeight: 0, spotWeight: 1 },
        task: { architecture: "arm64", cpu: 512, memoryMiB: 1024 },
        load: {
          minimum: 0,
          maximum: 2,
          viewersPerTask: 50,
          bitsPerSecondPerTask: 250_000_000,
          transcodesPerTask: 1,
        },
      },
    ],
  },
} satisfies Record<string, EnvironmentInput>
