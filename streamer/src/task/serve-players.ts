import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { log } from "@tributary/shared/log/log"
import type { Config } from "../config.ts"
import { type FleetMember, joinFleet } from "./join-fleet.ts"
import type { Ask } from "./metadata/ask-patiently.ts"
import { type Certificate, readCertificate } from "./tls/certificate.ts"
import { type Fetch, playerServer } from "./tls/player-server.ts"

export interface ServeOptions {
  config: Config
  streamer: string
  fetch: Fetch
  ask: Ask
  /** Unix milliseconds. */
  now: () => number
}

/** What closes when the streamer leaves: first its name, last its server. */
export interface Served {
  port: number
  member: FleetMember
  /** Resolves when every connection is closed. */
  close(): Promise<void>
}

export type ServeResult = { ok: true; served: Served } | { ok: false; message: string }

// Node's own backlog of 511 drops connections when a thousand viewers come at once.
const backlog = 4096

/** Listens for players, and makes this streamer one that they can find; only then it may be registered. */
export async function servePlayers({
  config,
  streamer,
  fetch,
  ask,
  now,
}: ServeOptions): Promise<ServeResult> {
  const { STREAMER_PORT, STREAMER_HOST: host } = config
  const source = { certificate: config.TLS_CERTIFICATE ?? "", key: config.TLS_KEY ?? "" }
  let certificate: Certificate | null = null
  if (config.TLS_CERTIFICATE !== undefined) {
    const read = await readCertificate(source, now())
    if (!read.ok) return read
    ;({ certificate } = read)
  }
  const tls = certificate && { source, certificate, now, logger: log("streamer", "tls") }
  const { server, close } = playerServer(fetch, tls)
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => void server.once("error", resolve))
  server.listen({ port: STREAMER_PORT, host, backlog })
  const error = await Promise.race([failed, once(server, "listening").then(() => null)])
  if (error !== null) {
    const isUsed = error.code === "EADDRINUSE"
    return { ok: false, message: isUsed ? `port ${STREAMER_PORT} is in use (STREAMER_PORT)` : error.message }
  }
  const { port } = server.address() as AddressInfo
  const joined = await joinFleet({ config, streamer, port, ask, logger: log("streamer", "task") })
  if (!joined.ok) return joined
  const closed = async () => {
    close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { ok: true, served: { port, member: joined.member, close: closed } }
}
