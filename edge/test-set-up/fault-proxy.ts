import { type AddressInfo, connect, createServer, type Socket } from "node:net"

/** How the store behaves as the edge sees it: served, connections cut, or taken and never answered. */
export type StoreMode = "pass" | "refuse" | "hang"

export interface FaultProxy {
  port: number
  setMode(mode: StoreMode): void
  close(): Promise<void>
}

/** Stands between the edge and the real gateway, so that tests can take the store away and bring it back. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: StoreMode = "pass"
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    track(client, sockets)
    if (mode === "refuse") client.destroy()
    if (mode !== "pass") return
    const target = track(connect(targetPort, "127.0.0.1"), sockets)
    client.pipe(target).pipe(client)
    client.on("close", () => target.destroy())
    target.on("close", () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    setMode: (next) => {
      mode = next
      // Connections that are kept alive were made under the old mode.
      cutAll()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cutAll()
      }),
  }
}

function track(socket: Socket, sockets: Set<Socket>): Socket {
  sockets.add(socket)
  socket.on("close", () => sockets.delete(socket))
  // A cut connection is what is tested, not a failure of the test.
  socket.on("error", () => socket.destroy())
  return socket
}
