import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** What is wrong with one answer. */
export interface Flaw {
  kind: "reset" | "end" | "stall" | "status" | "hang" | "close"
  /** Of the body, before it happens. */
  afterBytes?: number
  status?: number
  /** Called when it happens. */
  afterwards?: () => void
}

/** One request, as the server saw it. */
export interface Asked {
  method: string
  path: string
  range: string | undefined
  ifRange: string | undefined
  bytesSent: number
}

export interface FileServerSettings {
  ranges: boolean
  /** Says how long the file is. */
  sized: boolean
  /** "strong", "weak", or none. */
  etag: "strong" | "weak" | null
  lastModified: string | null
  contentType: string
  /** Requests at once; more get 403. */
  maxConnections: number
  /** A closed connection counts on for so long. */
  lagMilliseconds: number
  redirect: boolean
  /** Heeds If-Range. */
  ifRange: boolean
  /** Answers a suffix range with 416, as servers do that do not know them. */
  suffixes: boolean
  bytesPerSecond: number | null
}

const chunkBytes = 64 * 1024
const plain: FileServerSettings = {
  ...{ ranges: true, sized: true, etag: "strong", lastModified: null, contentType: "video/mp4" },
  ...{
    maxConnections: 1,
    lagMilliseconds: 0,
    redirect: false,
    ifRange: true,
    suffixes: true,
    bytesPerSecond: null,
  },
}

/** A provider of one file at every address under /movie/, with all habits that the demo provider has not. */
export async function startFileServer() {
  let body: Buffer = Buffer.alloc(0)
  let tag = ""
  let settings = plain
  let flaws: Flaw[] = []
  let asked: Asked[] = []
  let active = 0
  /** Connections that are closed and still counted. */
  let lingering = new Set<object>()
  let peak = 0
  let refused = 0
  let connections = 0

  const server = createServer((request, response) => {
    response.on("error", () => response.destroy())
    const url = new URL(request.url ?? "/", "http://localhost")
    if (settings.redirect && !url.searchParams.has("token")) {
      response.writeHead(302, { location: `${url.pathname}?token=1`, "content-length": 0 }).end()
      return
    }
    void serve(request, response)
  })
  server.on("connection", () => void connections++)

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method = "", url = "" } = request
    const entry: Asked = {
      ...{ method, path: url, range: headers.range, ifRange: [headers["if-range"]].flat()[0], bytesSent: 0 },
    }
    asked.push(entry)
    const flaw = flaws.shift()
    if (active + lingering.size >= settings.maxConnections) {
      refused++
      response.writeHead(403, { "content-length": 0 }).end()
      return
    }
    active++
    peak = Math.max(peak, active)
    const { lagMilliseconds } = settings
    response.once("close", () => {
      active--
      if (lagMilliseconds === 0) return
      const counted = lingering.add(entry)
      setTimeout(() => counted.delete(entry), lagMilliseconds)
    })
    if (flaw?.kind === "status") {
      response.writeHead(flaw.status ?? 404, { "content-length": 0 }).end()
      return
    }
    if (flaw?.kind === "hang") return
    const fields: Record<string, string | number> = { "content-type": settings.contentType }
    if (settings.etag !== null) fields.etag = settings.etag === "strong" ? `"${tag}"` : `W/"${tag}"`
    if (settings.lastModified !== null) fields["last-modified"] = settings.lastModified
    const isCurrent =
      entry.ifRange === undefined ||
      !settings.ifRange ||
      entry.ifRange === fields.etag ||
      entry.ifRange === settings.lastModified
    const isSuffix = /=-/.test(headers.range ?? "")
    const range = partOf(settings.ranges && isCurrent ? headers.range : undefined, body.length)
    if (range === "outside" || (isSuffix && !settings.suffixes)) {
      const told = settings.suffixes ? { "content-range": `bytes */${body.length}` } : {}
      response.writeHead(416, { ...fields, ...told, "content-length": 0 }).end()
      return
    }
    let part = body
    if (range !== null) {
      part = body.subarray(range.first, range.last + 1)
      fields["content-range"] = `bytes ${range.first}-${range.last}/${settings.sized ? body.length : "*"}`
    }
    if (settings.sized) fields["content-length"] = part.length
    response.writeHead(range !== null ? 206 : 200, fields)
    await send(response, part, flaw, entry)
  }

  async function send(response: ServerResponse, part: Buffer, flaw: Flaw | undefined, entry: Asked) {
    const { bytesPerSecond } = settings
    const until = flaw === undefined ? part.length : Math.min(flaw.afterBytes ?? 0, part.length)
    while (entry.bytesSent < until && !response.destroyed) {
      const chunk = part.subarray(entry.bytesSent, Math.min(entry.bytesSent + chunkBytes, until))
      entry.bytesSent += chunk.length
      const isTaken = response.write(chunk)
      if (bytesPerSecond !== null)
        await new Promise((resolve) => setTimeout(resolve, (1000 * chunk.length) / bytesPerSecond))
      else if (!isTaken && !response.destroyed)
        await new Promise<void>((resolve) => {
          const done = () => {
            response.off("drain", done).off("close", done)
            resolve()
          }
          response.on("drain", done).on("close", done)
        })
    }
    flaw?.afterwards?.()
    if (flaw === undefined) response.end()
    else if (flaw.kind === "reset") response.socket?.resetAndDestroy()
    else if (flaw.kind === "end") response.socket?.destroySoon()
    else response.flushHeaders()
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What has come so far. */
    asked: () => asked as readonly Asked[],
    counts: () => ({ active, peak, refused, connections }),
    /** A file, and habits; forgets all that was asked. */
    serve(file: Buffer, changes: Partial<FileServerSettings> = {}) {
      settings = { ...plain, ...changes }
      flaws = []
      asked = []
      lingering = new Set()
      peak = refused = connections = 0
      this.replace(file)
    },
    /** Another file at the same address, in the middle of things. */
    replace(file: Buffer) {
      body = file
      tag = createHash("sha256").update(file).digest("hex").slice(0, 16)
    },
    set(changes: Partial<FileServerSettings>) {
      settings = { ...settings, ...changes }
    },
    /** The next answers are spoilt, one after the other. */
    spoil(...next: Flaw[]) {
      flaws.push(...next)
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

export type FileServer = Awaited<ReturnType<typeof startFileServer>>

/** Well-formed ranges only, as the streamer sends them. */
function partOf(
  header: string | undefined,
  size: number,
): { first: number; last: number } | "outside" | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  if (first === "" && last === "") return null
  if (first === "") return { first: Math.max(0, size - Number(last)), last: size - 1 }
  if (Number(first) >= size) return "outside"
  return { first: Number(first), last: last === "" ? size - 1 : Math.min(Number(last), size - 1) }
}
