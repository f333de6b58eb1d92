import { rename } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { writeConfig } from "../../e2e/system/config.ts"
import { freePort } from "../../e2e/system/free-ports.ts"
import { type System, startSystem } from "../../e2e/system/start-system.ts"
import type { ListOwner } from "../inputs/m3u-entry.ts"
import { m3uList, writeTexts } from "../inputs/write-inputs.ts"
import type { Opened } from "../shared.ts"
import { type Started, startAll } from "./started.ts"
import { type ImportWatch, watchImports } from "./watch-imports.ts"

/** The whole system as users run it, one streamer, and a provider whose list and guide a bench writes. */
export interface CatalogueSystem extends Opened {
  system: System
  /** Watches the jobs of the list's source. */
  imports: ImportWatch
  owner: ListOwner
  /** Of the list that is served. */
  listUrl: string
  /** Id of the streamer's process. */
  streamer: number
  /** Serves another list, or guide, from now on; gives its bytes. */
  serve: (name: "list" | "guide", texts: Iterable<string>) => Promise<number>
  /** A path's address with the viewer's credentials. */
  viewerUrl: (path: string, query?: Record<string, string>) => string
}

export const listSource = "list"
const login = { username: "bench", password: "bench-secret" }
const viewer = { username: "ann", password: "viewers-secret" }

export interface CatalogueSystemOptions {
  /** Whether the demo provider is another source, for viewers to watch. */
  demo?: boolean
  /** What the guide is before one is served; without it the source has no guide. */
  guide?: Iterable<string>
  environment?: Record<string, string>
}

/** Starts everything and imports a list of one channel, so that what comes next is a change. */
export function startCatalogueSystem(options: CatalogueSystemOptions = {}): Promise<CatalogueSystem> {
  return startAll((started) => start(options, started))
}

async function start(
  { demo = false, guide, environment = {} }: CatalogueSystemOptions,
  started: Started,
): Promise<CatalogueSystem> {
  const folder = await started.folder()
  const [listPort, demoPort] = [await freePort(), await freePort()]
  const owner = { server: `http://127.0.0.1:${listPort}`, ...login }
  const serve: CatalogueSystem["serve"] = async (name, texts) => {
    const bytes = writeTexts(join(folder, "next"), texts)
    await rename(join(folder, "next"), join(folder, name))
    return bytes
  }
  await serve("list", m3uList(1, owner))
  if (guide !== undefined) await serve("guide", guide)
  await started.listServer(listPort, folder)
  if (demo) await started.demoProvider(demoPort)
  const demoUrl = `http://127.0.0.1:${demoPort}`
  const listUrl = `${owner.server}/list?${new URLSearchParams(login)}`
  const config = await writeConfig(folder, {
    sources: [
      {
        ...{ id: listSource, type: "m3u", url: listUrl, ...login },
        ...(guide === undefined ? {} : { epgUrl: `${owner.server}/guide` }),
      },
      ...(demo ? [{ id: "demo", type: "xtream", url: demoUrl, username: "demo", password: "demo" }] : []),
    ],
    viewers: [viewer],
  })
  const system = await startSystem({ environment: { CONFIG_FILE: config, ...environment } })
  started.add(() => system.close())
  const imports = await watchImports(system, listSource)
  started.add(() => imports.close())
  await imports.settled()
  const [streamer] = await system.processes(
    fileURLToPath(new URL("../../../streamer/src/main.ts", import.meta.url)),
  )
  if (streamer === undefined) throw new Error("the streamer's process was not found")
  const viewerUrl = (path: string, query: Record<string, string> = {}) =>
    `${system.baseUrl}${path}?${new URLSearchParams({ ...query, ...viewer })}`
  return { system, imports, owner, listUrl, streamer, serve, viewerUrl, close: () => started.close() }
}
