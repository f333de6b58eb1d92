import { connect } from "node:net"

/** What answers on a port: which process, and whether it serves commands yet (it loads its file first). */
export type RedisProbe = { kind: "silent" } | { kind: "answers"; pid: number; ready: boolean }

/**
 * Asks with two inline commands. The process id tells our own child from a stranger that holds the
 * same port; PING fails with LOADING until the append-only file has been read.
 */
export function probeRedis(host: string, port: number, timeoutMs: number): Promise<RedisProbe> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    let text = ""
    const finish = (probe: RedisProbe) => {
      socket.destroy()
      resolve(probe)
    }
    socket.setTimeout(timeoutMs, () => finish({ kind: "silent" }))
    socket.once("error", () => finish({ kind: "silent" }))
    socket.once("close", () => finish({ kind: "silent" }))
    socket.once("connect", () => socket.write("PING\r\nINFO server\r\n"))
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk
      const pid = /^process_id:(\d+)\r$/m.exec(text)?.[1]
      if (pid !== undefined)
        finish({ kind: "answers", pid: Number(pid), ready: text.startsWith("+PONG\r\n") })
    })
  })
}
