import { Socket } from "node:net"
import { buildConnector } from "undici"
import { AnswerTap } from "./answer-tap.ts"
import { mendHead } from "./mend-head.ts"

/** The sockets of one upstream, and the error that one of them broke with last. */
export interface Connections {
  sockets: Set<Socket>
  error: Error | null
  /** Bodies that come past undici, by the value of `tapHeader` in their heads; until somebody takes them. */
  tapped: Map<string, AnswerTap>
}

/** Knows every socket, also one that is still being connected: an agent forgets those when it is destroyed. */
export function trackedConnector(
  connections: Connections,
  timeoutMilliseconds: number,
): buildConnector.connector {
  // Panels' certificates are often expired or for another name, and the addresses are the user's own.
  const common = { timeout: timeoutMilliseconds, allowH2: false, rejectUnauthorized: false }
  const secure = buildConnector(common)
  return (options, callback) => {
    const tap = options.protocol === "https:" ? null : new AnswerTap(connections.tapped)
    const connect = tap === null ? secure : buildConnector({ ...common, onread: tap.onread })
    const socket: unknown = connect(options, callback)
    if (!(socket instanceof Socket)) return
    if (tap === null) mendFirstAnswer(socket)
    else tap.attach(socket)
    connections.sockets.add(socket)
    socket.once("close", () => connections.sockets.delete(socket))
    socket.on("error", (error) => {
      // Errors of the system, not those by which undici closes a socket that has served.
      if ("errno" in error) connections.error = error
    })
  }
}

/** Destroys them; resolves when they are gone. */
export async function destroyAll({ sockets }: Connections): Promise<void> {
  const closed = [...sockets].map(
    (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
  )
  for (const socket of sockets) socket.destroy()
  await Promise.all(closed)
}

/** Undici takes what comes by `read()`, so that is where the beginning is mended. */
function mendFirstAnswer(socket: Socket): void {
  const read = socket.read.bind(socket)
  let begun: Buffer | null = Buffer.alloc(0)
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size)
    if (begun === null || size !== undefined || !Buffer.isBuffer(chunk)) return chunk
    const mended = mendHead(Buffer.concat([begun, chunk]))
    begun = mended === "more" ? Buffer.concat([begun, chunk]) : null
    return mended === "more" ? null : mended
  }
}
