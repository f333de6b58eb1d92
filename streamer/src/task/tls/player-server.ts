import { createServer as createHttps, type Server as HttpsServer } from "node:https"
import { createAdaptorServer, type ServerType } from "@hono/node-server"
import type { Logger } from "@tributary/shared/log/log"
import type { Certificate, CertificateSource } from "./certificate.ts"
import { CertificateWatch } from "./certificate-watch.ts"

export type Fetch = Parameters<typeof createAdaptorServer>[0]["fetch"]

/** With what a server speaks TLS. */
export interface Tls {
  source: CertificateSource
  /** As it was read at the start. */
  certificate: Certificate
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
}

export interface PlayerServer {
  server: ServerType
  /** Looks whether there is a new certificate; by itself now and then. */
  look(): Promise<void>
  /** Looks for a new certificate no more; the server is closed by its owner. */
  close(): void
}

// Old players speak HTTP/1.0 and send no Host; any name does, as no route depends on it.
const hostname = "localhost"

/** The server that players speak to, by plain HTTP (`tls` null) or by TLS; it does not listen yet. */
export function playerServer(fetch: Fetch, tls: Tls | null): PlayerServer {
  if (tls === null)
    return {
      server: createAdaptorServer({ fetch, hostname }),
      look: async () => undefined,
      close: () => undefined,
    }
  const { source, certificate, now, logger } = tls
  const server = createAdaptorServer({
    ...{ fetch, hostname, createServer: createHttps },
    // Viewers' frames are written to the connection itself, as HTTP/1.1.
    serverOptions: { ...certificate, ALPNProtocols: ["http/1.1"], minVersion: "TLSv1.2" },
  }) as HttpsServer
  const use = (next: Certificate) => server.setSecureContext({ ...next, minVersion: "TLSv1.2" })
  const watch = new CertificateWatch({ source, current: certificate, use, now, logger })
  watch.start()
  return { server, look: () => watch.look(), close: () => watch.close() }
}
