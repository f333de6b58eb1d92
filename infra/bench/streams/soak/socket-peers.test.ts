import { expect, it } from "vitest"
import { countPeers, socketsIn } from "./socket-peers.ts"

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F9A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 0100007F:C000 0100007F:1F8F 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 30 10 -1
   2: 0100007F:1F9A 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 13 1 0 20 4 30 10 -1
   3: 0100007F:C002 0100007F:0001 01 00000000:00000000 00:00000000 00000000     0        0 14 1 0 20 4 30 10 -1
`

it("a process's sockets are counted by whom they lead to", () => {
  expect(socketsIn(table)[1]).toEqual({
    inode: 12,
    localPort: 0xc000,
    remotePort: 0x1f8f,
    isListening: false,
  })
  expect(countPeers([11, 12, 13, 14, 99], socketsIn(table), { gateway: 0x1f8f, viewers: 0x1f9a })).toEqual({
    listening: 1,
    gateway: 1,
    viewers: 1,
    others: 1,
    "no-tcp": 1,
  })
})
