import { describe, expect, it } from "vitest"
import { readTcpTable, tcpKey } from "./tcp-table.ts"

// As Linux 6.18 printed them: a listener, two ends of a loopback connection, a reader that stopped (timer 4, a
// zero-window probe), and one whose peer had lost its address (timer 1, six retransmissions).
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1619 1 00000000778ffa4b 100 0 0 10 0
   1: 0100007F:8107 0100007F:A222 01 00000000:00000000 00:00000000 00000000     0        0 1070404 1 0000000012c1c57b 20 4 30 10 -1
   2: 0100007F:2631 0100007F:EAF2 01 00006057:00000000 04:00000012 00000000     0        2 1070405 2 0000000012c1c57c 20 4 0 10 -1
 103: 0100090A:2631 0200090A:B4D0 01 0001D249:00000000 01:000004B1 00000006     0        0 1070406 3 0000000012c1c57d 1280 4 0 1 7
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F9A 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 20 1 0 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:1F9A 0000000000000000FFFF00000100007F:C350 01 00000010:00000000 01:00000012 00000000     0        0 21 1 0 20 4 0 10 -1
   2: B80D0120000000000000000001000000:1F9A B80D0120000000000000000002000000:C351 01 00000020:00000000 01:00000012 00000000     0        0 22 1 0 20 4 0 10 -1
`
const ends = (localAddress: string, localPort: number, remoteAddress: string, remotePort: number) =>
  tcpKey({ localAddress, localPort, remoteAddress, remotePort }) ?? ""

describe("the kernel's table of connections", () => {
  const unacknowledged = readTcpTable(table)

  it("tells who has something left to acknowledge, and how much", () => {
    expect(unacknowledged.get(ends("127.0.0.1", 0x2631, "127.0.0.1", 0xeaf2))).toBe(24_663)
    expect(unacknowledged.get(ends("10.9.0.1", 0x2631, "10.9.0.2", 0xb4d0))).toBe(119_369)
    expect(unacknowledged.size).toBe(4)
  })

  it("finds a connection by the names that Node has for its ends", () => {
    expect(unacknowledged.get(ends("::ffff:127.0.0.1", 8090, "::ffff:127.0.0.1", 50_000))).toBe(16)
    expect(unacknowledged.get(ends("127.0.0.1", 8090, "127.0.0.1", 50_000))).toBe(16)
    expect(unacknowledged.get(ends("2001:db8::1", 8090, "2001:db8::2", 50_001))).toBe(32)
    expect(unacknowledged.get(ends("2001:db8::2", 50_001, "2001:db8::1", 8090))).toBeUndefined()
  })

  it("is empty where there is none, or another", () => {
    expect(readTcpTable("").size + readTcpTable("what is this: 0 1 2 3:4").size).toBe(0)
  })
})

describe("the key of a connection", () => {
  it.each([
    ["::1", "00000000000000000000000000000001"],
    ["fe80::a%eth0", "FE80000000000000000000000000000A"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["::ffff:10.0.0.255", "00000000000000000000FFFF0A0000FF"],
    ["10.0.0.255", "00000000000000000000FFFF0A0000FF"],
    ["64:ff9b::10.0.0.1", "0064FF9B00000000000000000A000001"],
  ])("has every address in one form: %s", (address, expected) => {
    expect(ends(address, 80, address, 1)).toBe(`${expected}:0050 ${expected}:0001`)
  })

  it("is not there when the connection is not", () => {
    expect(tcpKey({ localAddress: "::1", localPort: 80 })).toBeNull()
  })
})
