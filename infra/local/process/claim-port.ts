import { createServer } from "node:net"

export type ClaimedPort = { kind: "free"; port: number } | { kind: "refused"; port: number; reason: string }

/**
 * Tells whether a port can be bound, and which one when `port` is 0. Asked before the program starts,
 * because a program says "in use" only in prose. Another process can still win the port in between.
 */
export function claimPort(host: string, port: number): Promise<ClaimedPort> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE" ? "is in use" : `cannot be used (${error.code ?? error.message})`
      resolve({ kind: "refused", port, reason })
    })
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      const bound = address !== null && typeof address === "object" ? address.port : port
      server.close(() => resolve({ kind: "free", port: bound }))
    })
  })
}
