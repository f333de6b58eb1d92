import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

export interface KodiSettings {
  playlistUrl: string
  guideUrl: string
  /** For its JSON-RPC, and for its event server. */
  ports: { rpc: number; events: number }
}

/** Writes the settings of a Kodi that was never started into its `HOME`, which is made. */
export async function writeKodiHome(home: string, settings: KodiSettings): Promise<void> {
  const { playlistUrl, guideUrl, ports } = settings
  const userData = join(home, ".kodi", "userdata")
  const addon = join(userData, "addon_data", "pvr.iptvsimple")
  await mkdir(addon, { recursive: true })
  const client = settingsFile({
    m3uPathType: "1",
    m3uUrl: playlistUrl,
    m3uCache: "false",
    epgPathType: "1",
    epgUrl: guideUrl,
    epgCache: "false",
  })
  // Version 20.6 of the add-on reads the second, later ones the first.
  for (const name of ["instance-settings-1.xml", "settings.xml"]) await writeFile(join(addon, name), client)
  await writeFile(
    join(userData, "guisettings.xml"),
    settingsFile({
      "services.esport": String(ports.events),
      // Nothing of it is to be seen by, or look for, other machines.
      "services.zeroconf": "false",
      "services.wsdiscovery": "false",
      "general.addonupdates": "2",
      "screensaver.mode": "",
    }),
  )
  await writeFile(
    join(userData, "advancedsettings.xml"),
    `<advancedsettings version="1.0"><jsonrpc><tcpport>${ports.rpc}</tcpport></jsonrpc></advancedsettings>\n`,
  )
}

function settingsFile(values: Record<string, string>): string {
  const lines = Object.entries(values).map(
    ([id, value]) => `  <setting id="${id}">${escaped(value)}</setting>\n`,
  )
  return `<settings version="2">\n${lines.join("")}</settings>\n`
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
