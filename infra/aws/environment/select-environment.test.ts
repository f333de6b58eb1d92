import { describe, expect, it } from "vitest"
import { environments } from "../environments.ts"
import { farEnvironment, homeEnvironment } from "../environments-fixture.ts"
import { selectEnvironment } from "./select-environment.ts"

const known = { far: farEnvironment }
const region = farEnvironment.regions[0]

/** The message for the far environment with some settings replaced. */
function refusal(changes: object): string | undefined {
  const selected = selectEnvironment({ far: { ...farEnvironment, ...changes } }, { environment: "far" })
  return selected.ok ? undefined : selected.message
}

const refusalOfRegion = (changes: object) => refusal({ regions: [{ ...region, ...changes }] })

describe("an environment", () => {
  it.each(Object.keys(environments))("%s is selected by its name", (name) => {
    const selected = selectEnvironment(environments, { environment: name })
    expect(selected).toMatchObject({
      ok: true,
      environment: { name: environments[name as keyof typeof environments].name },
    })
  })

  it("has what is left out by default", () => {
    expect(selectEnvironment({ home: homeEnvironment }, { environment: "home" })).toMatchObject({
      ok: true,
      environment: {
        ...{ logRetentionDays: 30, containerInsights: "on", edgeKeySerial: 1 },
        image: { repository: null },
        regions: [
          {
            zones: 2,
            network: { cidr: "10.90.0.0/20", addresses: "ipv4" },
            capacity: { onDemandWeight: 1, spotWeight: 0 },
            task: { storageGiB: 20 },
          },
        ],
      },
    })
  })

  it("runs the release that is asked for", () => {
    expect(selectEnvironment(known, { environment: "far", imageTag: "2.1.0" })).toMatchObject({
      ok: true,
      environment: { image: { repository: "ghcr.io/far/streamer", tag: "2.1.0" } },
    })
    expect(selectEnvironment(known, { environment: "far", imageTag: "a b" })).toEqual({
      ok: false,
      message: "far: image.tag: must be an image tag",
    })
  })

  it.each(["prod", "toString", ""])('that does not exist, "%s", is refused with those that do', (name) => {
    const two = { far: farEnvironment, home: homeEnvironment }
    expect(selectEnvironment(two, { environment: name })).toEqual({
      ok: false,
      message: `-c environment: "${name}" is none; there are far, home`,
    })
  })

  it("is refused with an unknown option, but not with what the CLI adds", () => {
    expect(selectEnvironment(known, { environment: "far", imagetag: "1" })).toEqual({
      ok: false,
      message: "-c imagetag: unknown option; there are environment, imageTag",
    })
    const context = { environment: "far", "aws:cdk:bundling-stacks": ["**"], "@aws-cdk/x:y": true }
    expect(selectEnvironment(known, context)).toMatchObject({ ok: true })
  })

  it("has a name of its own", () => {
    const twins = { far: farEnvironment, near: farEnvironment }
    expect(selectEnvironment(twins, { environment: "near" })).toEqual({
      ok: false,
      message: 'near: name: "far" is that of far too',
    })
  })
})

describe("a setting", () => {
  it("that does not exist is refused with those that do", () => {
    expect(refusal({ alarmMail: "a@b.org" })).toMatch(
      /^far: alarmMail: unknown key; there are name, account, /,
    )
    expect(refusalOfRegion({ capacity: { kind: "fargate", spot: 1 } })).toBe(
      "far: regions[0].capacity.spot: unknown key; there are kind, onDemandWeight, spotWeight",
    )
  })

  it.each([
    [{ account: "12345" }, "account: must be an account's 12 digits"],
    [{ edgeUrl: "tv.far.org" }, "edgeUrl: must be an http:// or https:// URL"],
    [
      { logRetentionDays: 31 },
      "logRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365",
    ],
    [{ cloudflareZoneId: "zone" }, "cloudflareZoneId: must be the 32 hexadecimal digits of a zone"],
    [{ regions: [] }, "regions: must not be empty"],
    [{ regions: [region, { ...region, name: "us2" }] }, 'regions[1].awsRegion: "us-east-1" is a duplicate'],
  ])("%j is refused with its path", (changes, message) => {
    expect(refusal(changes)).toBe(`far: ${message}`)
  })

  const load = { ...region?.load, minimum: 1, maximum: 4 }
  const task = { architecture: "x86_64", cpu: 1024, memoryMiB: 2048 }
  const gpu = { kind: "gpu", instanceType: "g4dn.xlarge", maximumInstances: 3 }
  it.each([
    [{ load: { ...load, minimum: 5 } }, "load.minimum: must be at most 4, the maximum"],
    [
      { task: { ...task, maxViewers: 299 } },
      "load.viewersPerTask: must be at most 299, the task's maxViewers",
    ],
    [
      { task: { ...task, memoryMiB: 1024 } },
      /task: memoryMiB 1024 is none of Fargate's for cpu 1024: 2048, /,
    ],
    [{ capacity: { kind: "fargate", onDemandWeight: 0 } }, /capacity.onDemandWeight: must not be 0/],
    [{ capacity: { kind: "lambda" } }, 'capacity.kind: must be an object whose kind is "fargate" or "gpu"'],
    [{ capacity: gpu }, "load.maximum: must be at most 3, the instances there may be"],
    [
      { capacity: gpu, task: { ...task, architecture: "arm64" } },
      /task.architecture: must be "x86_64" with GPUs/,
    ],
    [{ zones: 1 }, "zones: must be at least 2"],
    [{ network: { cidr: "10.0.0.0/8" } }, "network.cidr: must be an IPv4 range from /16 to /24"],
  ])("of a region, %j, is refused with its path", (changes, message) => {
    const refused = refusalOfRegion(changes)
    if (typeof message === "string") expect(refused).toBe(`far: regions[0].${message}`)
    else expect(refused).toMatch(message)
  })
})
