import type { Environment } from "../environment/environment-settings.ts"
import type { RegionSettings } from "../environment/region-settings.ts"
import { streamerPort } from "../names.ts"

/** ECS waits so long after SIGTERM before it kills; it waits no longer. */
export const stopTimeoutSeconds = 120

/** A streamer hands over for so long at most, and has what is left to close. */
const drainSeconds = 110

/** What a streamer's environment has that is no secret. */
export function streamerVariables(environment: Environment, region: RegionSettings): Record<string, string> {
  return {
    NODE_ENV: "production",
    EDGE_URL: environment.edgeUrl,
    STREAMER_PORT: String(streamerPort),
    STREAMER_REGION: region.continent,
    STREAMER_MAX_VIEWERS: String(region.task.maxViewers),
    STREAMER_DOMAIN: environment.streamerDomain,
    CLOUDFLARE_ZONE_ID: environment.cloudflareZoneId,
    DRAIN_SECONDS: String(drainSeconds),
    // A task's metadata knows its private address only.
    PUBLIC_ADDRESS_LOOKUP: "https://checkip.amazonaws.com",
    // ECS gives a container the GPU, but of its driver only what computes; encoding is `video`.
    ...(region.capacity.kind === "gpu" ? { NVIDIA_DRIVER_CAPABILITIES: "compute,utility,video" } : {}),
  }
}
