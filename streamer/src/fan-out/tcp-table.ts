import { isIPv4 } from "node:net"

/** The two ends of a connection, as Node's sockets name them. */
export interface Ends {
  localAddress?: string | undefined
  localPort?: number | undefined
  remoteAddress?: string | undefined
  remotePort?: number | undefined
}

// An IPv4 address as IPv6 (RFC 4291 2.5.5.2): a socket that listens on both has it either way.
const mappedPrefix = "00000000000000000000FFFF"
// `sl: local remote state tx_queue:rx_queue`, all in hex digits; only those with something in their tx_queue.
const owing = /^ *\d+: ([\dA-F]+):([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) [\dA-F]{2} (?!00000000)([\dA-F]{8}):/gm

/**
 * Bytes that the other end of each connection has not acknowledged, whether they were sent or not, by its
 * key. `table` is the text of `/proc/net/tcp` or `/proc/net/tcp6` (Linux, networking/proc_net_tcp.rst);
 * connections that have everything acknowledged are left out.
 */
export function readTcpTable(table: string): Map<string, number> {
  const unacknowledged = new Map<string, number>()
  for (const [, local = "", localPort, remote = "", remotePort, bytes = ""] of table.matchAll(owing))
    unacknowledged.set(
      `${inNetworkOrder(local)}:${localPort} ${inNetworkOrder(remote)}:${remotePort}`,
      Number.parseInt(bytes, 16),
    )
  return unacknowledged
}

/** What a socket is called in `readTcpTable`; null when it is closed. */
export function tcpKey({ localAddress, localPort, remoteAddress, remotePort }: Ends): string | null {
  if (localAddress === undefined || localPort === undefined) return null
  if (remoteAddress === undefined || remotePort === undefined) return null
  return `${hexOf(localAddress)}:${hex(localPort, 4)} ${hexOf(remoteAddress)}:${hex(remotePort, 4)}`
}

/** The kernel prints an address as 32-bit words of the machine, which is little-endian wherever Node runs but on s390x. */
function inNetworkOrder(words: string): string {
  const bytes = words.replace(/(..)(..)(..)(..)/g, "$4$3$2$1")
  return bytes.length === 8 ? mappedPrefix + bytes : bytes
}

/** 32 hex digits for any address. */
function hexOf(address: string): string {
  const [ip = ""] = address.split("%")
  if (isIPv4(ip)) return mappedPrefix + hexOfIPv4(ip)
  const lastColon = ip.lastIndexOf(":")
  const tail = ip.slice(lastColon + 1)
  // The last 32 bits may be written as an IPv4 address.
  const groups = isIPv4(tail) ? ip.slice(0, lastColon + 1) + hexOfIPv4(tail).replace(/^..../, "$&:") : ip
  const [before = [], after = []] = groups.split("::").map((part) => part.split(":").filter(Boolean))
  const missing = Array<string>(8 - before.length - after.length).fill("0")
  const all = groups.includes("::") ? [...before, ...missing, ...after] : before
  return all.map((group) => group.padStart(4, "0").toUpperCase()).join("")
}

function hexOfIPv4(ip: string): string {
  return ip
    .split(".")
    .map((part) => hex(Number(part), 2))
    .join("")
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0")
}
