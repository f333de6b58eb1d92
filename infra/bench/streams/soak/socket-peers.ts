export interface TcpSocket {
  inode: number
  localPort: number
  remotePort: number
  isListening: boolean
}

const listening = "0A"

/** Reads `/proc/{pid}/net/tcp` or `tcp6`: fields are `sl local rem st … inode`, ports hexadecimal. */
export function socketsIn(table: string): TcpSocket[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/)
      const port = (address = "") => Number.parseInt(address.split(":")[1] ?? "", 16)
      if (fields.length < 10) return []
      return [
        {
          inode: Number(fields[9]),
          localPort: port(fields[1]),
          remotePort: port(fields[2]),
          isListening: fields[3] === listening,
        },
      ]
    })
}

/** How many of a process's sockets lead to whom: by the name of the port at the other side, or at this one. */
export function countPeers(
  inodes: readonly number[],
  sockets: readonly TcpSocket[],
  ports: Readonly<Record<string, number>>,
): Record<string, number> {
  const byInode = new Map(sockets.map((socket) => [socket.inode, socket]))
  const counts: Record<string, number> = {}
  for (const inode of inodes) {
    const socket = byInode.get(inode)
    const named = Object.entries(ports).find(
      ([, port]) => port === socket?.remotePort || (port === socket?.localPort && !socket.isListening),
    )
    const name = named?.[0] ?? (socket === undefined ? "no-tcp" : socket.isListening ? "listening" : "others")
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
