import { nullPid, packetBytes, syncByte } from "./packet.ts"

/** Packets that carry nothing (ISO 13818-1 2.4.1): they keep a connection busy, and players skip them. */
export function nullPackets(count: number): Buffer {
  const packets = Buffer.alloc(count * packetBytes, 0xff)
  for (let at = 0; at < packets.length; at += packetBytes)
    packets.set([syncByte, nullPid >> 8, nullPid & 0xff, 0x10], at)
  return packets
}
