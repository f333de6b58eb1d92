import type { Part } from "../parts/part.ts"
import { SettingError } from "../setting-error.ts"
import { announce } from "./announce.ts"

export interface TunerPartOptions {
  /** Base of generated links, which others in the network follow. */
  baseUrl: string
  /** Where the edge is on this machine. */
  edgeUrl: string
  viewer: { username: string; password: string }
  onProblem: (message: string) => void
}

const thisMachineOnly = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Announces a viewer's HDHomeRun tuner to the local network: whoever is in it can watch as that viewer. */
export function tunerPart({ baseUrl, edgeUrl, viewer, onProblem }: TunerPartOptions): Part {
  return {
    name: "announcement of the tuner",
    start: async () => {
      if (thisMachineOnly.test(new URL(baseUrl).hostname))
        throw new SettingError(`SSDP: others in the network cannot reach BASE_URL (${baseUrl})`)
      const path = `hdhr/${encodeURIComponent(viewer.username)}/${encodeURIComponent(viewer.password)}`
      const description = await fetch(`${edgeUrl}/${path}/device.xml`, { signal: AbortSignal.timeout(5_000) })
      const uuid = /<UDN>uuid:([\da-f-]+)<\/UDN>/.exec(await description.text())?.[1]
      if (uuid === undefined) throw new SettingError(`SSDP: the edge knows no tuner of ${viewer.username}`)
      const device = { uuid, location: `${baseUrl}/${path}/device.xml` }
      const announcement = await announce(device, { onProblem }).catch((error: Error) => {
        throw new SettingError(`SSDP: the tuner cannot be announced: ${error.message}`)
      })
      return { exited: new Promise(() => undefined), close: announcement.close }
    },
  }
}
