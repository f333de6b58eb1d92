/** A device as it is announced (UPnP Device Architecture 1.0, chapter 1). */
export interface Announced {
  /** Of its description. */
  location: string
  uuid: string
}

export const ssdpGroup = "239.255.255.250"
export const ssdpPort = 1900
/** How long others may remember the device. */
export const maxAgeSeconds = 1_800

const deviceType = "urn:schemas-upnp-org:device:MediaServer:1"
const rootDevice = "upnp:rootdevice"
const server = "Node/24 UPnP/1.0 Tributary/1"

/** What a root device without services is announced as: itself, its name, and its type. */
const targetsOf = ({ uuid }: Announced) => [rootDevice, `uuid:${uuid}`, deviceType]

/** Answers to a search for devices, one for each target that it asks for; none to anything else. */
export function answersTo(message: string, device: Announced): string[] {
  const [start = "", ...lines] = message.split("\r\n")
  if (!/^M-SEARCH \* HTTP\/1\.[01]$/.test(start)) return []
  const header = (wanted: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${wanted}:`))
      ?.slice(wanted.length + 1)
      .trim()
  if (header("man") !== '"ssdp:discover"') return []
  const wanted = header("st")
  return targetsOf(device)
    .filter((target) => wanted === "ssdp:all" || wanted === target)
    .map((target) =>
      written("HTTP/1.1 200 OK", {
        "CACHE-CONTROL": `max-age=${maxAgeSeconds}`,
        EXT: "",
        LOCATION: device.location,
        SERVER: server,
        ST: target,
        USN: nameOf(device, target),
      }),
    )
}

/** What tells everybody that the device is there. */
export function hellos(device: Announced): string[] {
  return targetsOf(device).map((target) =>
    written("NOTIFY * HTTP/1.1", {
      HOST: `${ssdpGroup}:${ssdpPort}`,
      "CACHE-CONTROL": `max-age=${maxAgeSeconds}`,
      LOCATION: device.location,
      NT: target,
      NTS: "ssdp:alive",
      SERVER: server,
      USN: nameOf(device, target),
    }),
  )
}

/** What tells everybody that it is gone. */
export function goodbyes(device: Announced): string[] {
  return targetsOf(device).map((target) =>
    written("NOTIFY * HTTP/1.1", {
      HOST: `${ssdpGroup}:${ssdpPort}`,
      NT: target,
      NTS: "ssdp:byebye",
      USN: nameOf(device, target),
    }),
  )
}

function nameOf({ uuid }: Announced, target: string): string {
  return target === `uuid:${uuid}` ? target : `uuid:${uuid}::${target}`
}

function written(start: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`.trimEnd())
  return `${[start, ...lines].join("\r\n")}\r\n\r\n`
}
