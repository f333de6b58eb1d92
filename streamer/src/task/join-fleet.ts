import type { Logger } from "@tributary/shared/log/log"
import type { Config } from "../config.ts"
import { AddressName } from "./dns/address-name.ts"
import { CloudflareRecords } from "./dns/cloudflare-records.ts"
import { recordName } from "./dns/record-name.ts"
import type { Ask, Patience } from "./metadata/ask-patiently.ts"
import { publicAddress } from "./metadata/public-address.ts"
import { readTask, type Task } from "./metadata/read-task.ts"

export interface JoinFleetOptions {
  config: Config
  streamer: string
  /** That it listens on. */
  port: number
  ask: Ask
  logger: Logger
  /** Of the questions for the task and its address. */
  patience?: Patience
  /** Milliseconds before each repetition of what the name's record needs. */
  delays?: readonly number[]
}

/** A streamer as others find it. */
export interface FleetMember {
  /** Where players are redirected to. */
  address: string
  /** ARN of its ECS task; null where it runs elsewhere. */
  task: string | null
  /** Nobody finds it any more. */
  close(): Promise<void>
}

export type JoinResult = { ok: true; member: FleetMember } | { ok: false; message: string }

// An agent's or an API's answer to a call that is on the way out has to come soon.
const answerMilliseconds = 5_000

/** The address that a streamer will have, known before anybody finds it there. */
export function addressOf(
  { STREAMER_ADDRESS, STREAMER_DOMAIN }: Config,
  streamer: string,
  port: number,
): string {
  if (STREAMER_DOMAIN === undefined) return STREAMER_ADDRESS ?? ""
  return new URL(`https://${streamer}.${STREAMER_DOMAIN}:${port}`).origin
}

/** Finds the task that the process runs in, and has the streamer's own name lead to it. Until then nobody may be sent here. */
export async function joinFleet(options: JoinFleetOptions): Promise<JoinResult> {
  const { config, streamer, port, ask, logger, patience } = options
  const { ECS_CONTAINER_METADATA_URI_V4: metadata, STREAMER_DOMAIN: domain } = config
  const read = metadata === undefined ? null : await readTask(ask, metadata, patience)
  if (read?.ok === false) return read
  const task = read?.task ?? null
  const member = { address: addressOf(config, streamer, port), task: task?.arn ?? null }
  if (domain === undefined) return { ok: true, member: { ...member, close: async () => undefined } }
  const name = recordName(streamer, domain)
  if (name === null) return { ok: false, message: `STREAMER_DOMAIN: ${streamer}.${domain} is no host name` }
  const found = await addressOfTask(options, task)
  if (!found.ok) return found
  const records = new CloudflareRecords({
    ...{ ask, url: config.CLOUDFLARE_API_URL, answerMilliseconds },
    ...{ zone: config.CLOUDFLARE_ZONE_ID ?? "", token: config.CLOUDFLARE_API_TOKEN ?? "" },
  })
  const { delays } = options
  const addressName = new AddressName({ records, logger, ...(delays === undefined ? {} : { delays }) })
  const wrong = await addressName.point({ name, address: found.address })
  if (wrong !== null)
    return { ok: false, message: `the DNS record at Cloudflare could not be made: ${wrong}` }
  logger.info("the streamer has its name", { name, task: member.task })
  return { ok: true, member: { ...member, close: () => addressName.close() } }
}

async function addressOfTask({ config, ask, patience }: JoinFleetOptions, task: Task | null) {
  if (task?.address) return { ok: true as const, address: task.address }
  return await publicAddress(ask, config.PUBLIC_ADDRESS_LOOKUP ?? null, patience)
}
