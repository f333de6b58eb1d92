import type { ViewerRecord } from "@tributary/shared/store/records"

/** A tuner as one viewer sees it. */
export interface Device {
  /** Eight hexadecimal digits. */
  id: string
  name: string
  tuners: number
  /** Where its files are, without a slash at its end. */
  base: string
}

// A viewer without a limit; Plex and others ask for a number.
const tunersWithoutLimit = 16

/** How many streams the viewer may watch at once. */
export function tunersOf(viewer: ViewerRecord | null): number {
  return viewer?.maxStreams ?? tunersWithoutLimit
}

/** `discover.json`, as HDHomeRun's HTTP API has it. */
export function discovered({ id, name, tuners, base }: Device) {
  return {
    FriendlyName: name,
    Manufacturer: "Tributary",
    ModelNumber: "HDTC-2US",
    FirmwareName: "tributary",
    FirmwareVersion: "1",
    DeviceID: id,
    DeviceAuth: "tributary",
    TunerCount: tuners,
    BaseURL: base,
    LineupURL: `${base}/lineup.json`,
  }
}

/** `lineup_status.json`: there is nothing to scan for. */
export const lineupStatus = { ScanInProgress: 0, ScanPossible: 0, Source: "Cable", SourceList: ["Cable"] }

/** `device.xml`: the device's description of UPnP (Device Architecture 1.0, 2.1). */
export function description({ id, name, base }: Device): string {
  const elements = {
    deviceType: "urn:schemas-upnp-org:device:MediaServer:1",
    friendlyName: name,
    manufacturer: "Tributary",
    modelName: "HDTC-2US",
    modelNumber: "HDTC-2US",
    serialNumber: id,
    UDN: `uuid:${uuidOf(id)}`,
  }
  const inside = Object.entries(elements).map(([tag, text]) => `    <${tag}>${escaped(text)}</${tag}>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<root xmlns="urn:schemas-upnp-org:device-1-0">
  <specVersion>
    <major>1</major>
    <minor>0</minor>
  </specVersion>
  <URLBase>${escaped(base)}</URLBase>
  <device>
${inside.join("")}  </device>
</root>
`
}

/** The UUID under which a device is announced. */
export function uuidOf(deviceId: string): string {
  return `7472696b-7574-6172-7900-0000${deviceId.toLowerCase()}`
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" }
const escaped = (text: string) => text.replace(/[&<>]/g, (char) => entities[char] ?? char)
