// What no fan-out can do without: reads UPSTREAM, and writes each chunk to everybody, framed for HTTP once.
//   PORT=… UPSTREAM=http://… node infra/bench/streams/contestants/bare-fan-out.ts
// It parses nothing, bounds nothing and reads the upstream only while somebody watches.
import { type ClientRequest, get } from "node:http"
import { createServer, type Socket } from "node:net"
import { whenParentIsGone } from "../../../local/parent-gone.ts"

const { PORT: port, UPSTREAM: upstream = "" } = process.env
const head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nTransfer-Encoding: chunked\r\n\r\n"
const viewers = new Set<Socket>()
let reading: ClientRequest | null = null

function read(): ClientRequest {
  const request = get(upstream, { agent: false }, (response) => {
    response.on("data", (chunk: Buffer) => {
      const size = Buffer.from(`${chunk.length.toString(16)}\r\n`, "latin1")
      const frame = Buffer.concat([size, chunk, Buffer.from("\r\n", "latin1")])
      for (const viewer of viewers) viewer.write(frame)
    })
    response.on("error", () => undefined)
    // Without an upstream nobody is served, and that is to be seen.
    response.on("close", () => {
      for (const viewer of viewers) viewer.destroy()
    })
  })
  request.on("error", () => undefined)
  return request
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => undefined)
  socket.once("data", () => {
    socket.write(head)
    viewers.add(socket)
    reading ??= read()
  })
  socket.once("close", () => {
    viewers.delete(socket)
    if (viewers.size > 0) return
    reading?.destroy()
    reading = null
  })
})
server.listen(Number(port), "127.0.0.1", () => process.stdout.write('{"ready":true}\n'))
process.once("SIGTERM", () => process.exit(0))
whenParentIsGone(() => process.exit(0))
