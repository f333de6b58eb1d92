// What a relay of one stream to one viewer is in Node: each request is answered with what UPSTREAM, which gets the
// request's query, sends.
//   PORT=… UPSTREAM=http://… node infra/bench/streams/contestants/bare-pipe.ts
import { createServer, get } from "node:http"
import { whenParentIsGone } from "../../../local/parent-gone.ts"

const { PORT: port, UPSTREAM: upstream = "" } = process.env

const server = createServer((request, response) => {
  const { search } = new URL(request.url ?? "/", "http://pipe.test")
  const asked = get(upstream + search, { agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] ?? "" })
    answer.on("error", () => response.destroy())
    answer.pipe(response)
  })
  asked.on("error", () => response.destroy())
  response.on("close", () => asked.destroy())
})
server.listen(Number(port), "127.0.0.1", () => process.stdout.write('{"ready":true}\n'))
process.once("SIGTERM", () => process.exit(0))
whenParentIsGone(() => process.exit(0))
