// A provider's web server, in a process of its own so that it takes no time of what is measured:
//   LIST_PORT=… LIST_FOLDER=… node infra/bench/system/list-server.ts
// Answers `/NAME?…` with the file NAME of the folder, as it is when the request comes.
import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import { createServer } from "node:http"
import { basename, join } from "node:path"
import { pipeline } from "node:stream/promises"
import { whenParentIsGone } from "../../local/parent-gone.ts"

const { LIST_PORT: port, LIST_FOLDER: folder = "" } = process.env

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://list.test")
  const path = join(folder, basename(pathname))
  const size = await stat(path).then(
    (stats) => stats.size,
    () => null,
  )
  if (size === null) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": size })
  // Who breaks off has what they want.
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), response).catch(() => undefined)
})
server.listen(Number(port), "127.0.0.1", () =>
  process.stdout.write(`${JSON.stringify({ ready: true, port: Number(port) })}\n`),
)
whenParentIsGone(() => process.exit(0))
