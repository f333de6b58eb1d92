import { chmod, writeFile } from "node:fs/promises"
import { type ClientRequest, get, type IncomingMessage, request } from "node:http"
import { connect } from "node:net"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { freePort } from "../../../e2e/system/free-ports.ts"
import { startChild } from "../../../local/process/child-process.ts"
import { onCore } from "../cores.ts"
import type { RunningProgram } from "../start-program.ts"
import { icecastConfig } from "./icecast-config.ts"

export interface Icecast extends RunningProgram {
  /** What its listeners ask for. */
  url: string
  /** Sends it what the provider's channel sends, until the returned function is called. */
  feed: (providerUrl: string) => Promise<() => Promise<void>>
}

const password = "source-secret"
const readyMilliseconds = 10_000

/** Starts Debian's Icecast in a folder of the bench's; null when it is not installed. */
export async function startIcecast(
  core: number | null,
  folder: string,
  listeners: number,
): Promise<Icecast | null> {
  const port = await freePort()
  const becomes = process.getuid?.() === 0 ? { user: "nobody", group: "nogroup" } : null
  // Its logs are opened by who it becomes.
  if (becomes !== null) await chmod(folder, 0o777)
  const file = join(folder, "icecast.xml")
  await writeFile(file, icecastConfig({ port, folder, password, listeners, becomes }))
  const found = await startChild({
    program: "icecast2",
    arguments: ["-v"],
    cwd: folder,
    closeDeadlineMs: 1_000,
  })
  if (found.kind !== "started") return null
  await found.child.exited
  const started = await startChild({
    ...onCore(core, "icecast2", ["-c", file]),
    cwd: folder,
    closeDeadlineMs: 3_000,
  })
  if (started.kind !== "started") return null
  const { child } = started
  let ended = ""
  void child.exited.then(({ tail }) => {
    ended = tail.trim().slice(-300) || "without a word"
  })
  const deadline = performance.now() + readyMilliseconds
  while (!(await listens(port))) {
    if (ended === "" && performance.now() < deadline) await delay(50)
    else {
      await child.destroy()
      throw new Error(`Icecast did not start: ${ended}`)
    }
  }
  const url = `http://127.0.0.1:${port}/live.ts`
  return { pid: child.pid, url, feed: (providerUrl) => feedAgain(providerUrl, port), close: child.close }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}

/** It refuses a source for as long as it has not noticed that the one before has gone. */
async function feedAgain(providerUrl: string, port: number): Promise<() => Promise<void>> {
  const deadline = performance.now() + readyMilliseconds
  while (true) {
    try {
      return await feed(providerUrl, port)
    } catch (error) {
      if (performance.now() > deadline) throw error
      await delay(200)
    }
  }
}

/** As Icecast wants a source (its 2.4 speaks PUT): the login first, then the stream for as long as it lasts. */
async function feed(providerUrl: string, port: number): Promise<() => Promise<void>> {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  const source = request({
    ...{ host: "127.0.0.1", port, path: "/live.ts", method: "PUT", auth: `source:${password}`, agent: false },
    headers: { "content-type": "video/mp2t", expect: "100-continue" },
  })
  source.on("error", (error) => failed.reject(new Error(`Icecast took no source: ${error.message}`)))
  source.on("response", ({ statusCode }) => failed.reject(new Error(`Icecast answered ${statusCode}`)))
  source.flushHeaders()
  const taken = new Promise<void>((resolve) => source.once("continue", () => resolve()))
  await Promise.race([taken, failed.promise]).catch(async (error: unknown) => {
    await gone(source)
    throw error
  })
  const upstream = get(providerUrl, { agent: false }, (answer: IncomingMessage) => {
    answer.on("error", () => undefined)
    // Not `pipe`: while Icecast takes nothing the provider would give the connection up.
    answer.on("data", (chunk: Buffer) => void source.write(chunk))
  })
  upstream.on("error", () => undefined)
  return async () => {
    await Promise.all([gone(upstream), gone(source)])
  }
}

function gone(asked: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    if (asked.destroyed) resolve()
    asked.once("close", () => resolve())
    asked.destroy()
  })
}
