import type { LocalSettings } from "./config/local-settings.ts"
import { claimPort } from "./process/claim-port.ts"
import { SettingError } from "./setting-error.ts"

/** Throws a SettingError for the first port that is taken, with the name of its setting. */
export async function refuseUsedPorts(settings: LocalSettings): Promise<void> {
  const { host } = settings
  const local = "127.0.0.1"
  const wanted: [name: string, host: string, port: number][] = [
    ["PORT", host, settings.port],
    ...settings.streamerPorts.map((port): [string, string, number] => ["STREAMER_PORT", host, port]),
    ...(settings.upstash === null
      ? ([
          ["REDIS_PORT", local, settings.redisPort],
          ["GATEWAY_PORT", local, settings.gatewayPort],
        ] as [string, string, number][])
      : []),
  ]
  const seen = new Map<number, string>()
  for (const [name, address, port] of wanted) {
    const other = seen.get(port)
    if (other !== undefined) throw new SettingError(`${name}: port ${port} is also that of ${other}`)
    seen.set(port, name)
    const claim = await claimPort(address, port)
    if (claim.kind === "refused") throw new SettingError(`${name}: port ${port} ${claim.reason}`)
  }
}
