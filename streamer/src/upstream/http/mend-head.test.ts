import { describe, expect, it } from "vitest"
import { mendHead } from "./mend-head.ts"

const mended = (text: string) => {
  const result = mendHead(Buffer.from(text, "latin1"))
  return result === "more" ? result : result.toString("latin1")
}

describe("the head of an answer", () => {
  it.each([
    "HTTP/1.1 200 OK\r\ncontent-type: video/mp2t\r\n\r\nBODY",
    "HTTP/1.0 200\r\nX: \xe9\r\n\r\n",
    "HTTP/1.1 302 \r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nBODY\r\n",
  ])("is left as it is when it is right: %j", (text) => {
    expect(mended(text)).toBe(text)
  })

  it.each(["SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0", "GARBAGE", "HTTP/1.1 abc\r\n\r\n"])(
    "is left as it is when it is none: %j",
    (text) => {
      expect(mended(text)).toBe(text)
    },
  )

  it.each(["H", "HTTP/1.1 200 OK\r\n", "ICY 200 OK\r\nicy-name: x\r\n", "HTTP/1.1 100 Continue\r\n\r\n"])(
    "is waited for: %j",
    (text) => {
      expect(mended(text)).toBe("more")
    },
  )

  it.each([
    ["ICY 200 OK\r\nicy-name:x\r\n\r\nBODY", "icy-name: x\r\n"],
    ["HTTP 200 OK\r\nA: b\r\n\r\nBODY", "a: b\r\n"],
    ["HTTP/1.1 200 OK\nA: b\n\nBODY", "a: b\r\n"],
    ["HTTP/1.1 200OK\r\nA: b\r\n\r\nBODY", "a: b\r\n"],
    ["HTTP/1.1  200 OK\r\nServer : x\r\nbad line\r\n\r\nBODY", "server: x\r\n"],
    ["HTTP/1.1 200 OK\r\nA: b\x01c\r\n\r\nBODY", "a: bc\r\n"],
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nBODY", ""],
    ["HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nBODY", "content-length: 4\r\n"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nBODY", ""],
    ["http/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nBODY", ""],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\nBODY",
      "transfer-encoding: chunked\r\n",
    ],
  ])("is mended where undici would refuse it: %j", (text, fields) => {
    // Where a length comes, it is the last but one.
    const parts = ["HTTP/1.1 200 Mended\r\n", fields, "connection: close\r\n\r\nBODY"]
    expect(mended(text)).toBe(parts.join(""))
  })

  it("of an answer that was announced is the next one", () => {
    const text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nBODY"
    expect(mended(`HTTP/1.1 100 Continue\r\n\r\n${text}`)).toBe(text)
  })
})
