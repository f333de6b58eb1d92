import { panelTime } from "./panel-clock.ts"
import { type Account, type Settings, statusOf } from "./settings.ts"

const seconds = (ms: number) => Math.floor(ms / 1000)

/** The answer to no or an unknown action. Strings and numbers are mixed as panels mix them. */
export function loginAnswer(
  account: Account,
  active: number,
  baseUrl: string,
  nowMs: number,
  { timeZone }: Pick<Settings, "timeZone">,
) {
  const { hostname, port } = new URL(baseUrl)
  return {
    user_info: {
      username: account.username,
      password: account.password,
      message: "Welcome to the Tributary demo provider",
      auth: 1,
      status: statusOf(account, nowMs),
      exp_date: account.expiresAt === null ? null : String(account.expiresAt),
      is_trial: account.isTrial ? "1" : "0",
      active_cons: active,
      created_at: "1735084800",
      max_connections: String(account.maxConnections),
      allowed_output_formats: ["m3u8", "ts"],
    },
    server_info: {
      xui: true,
      version: "1.5.13",
      revision: null,
      url: hostname,
      port: port === "" ? "80" : port,
      https_port: "443",
      server_protocol: "http",
      rtmp_port: "8880",
      timestamp_now: seconds(nowMs),
      time_now: panelTime(nowMs, timeZone),
      timezone: timeZone,
    },
  }
}
