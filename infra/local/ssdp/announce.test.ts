import { createSocket, type Socket } from "node:dgram"
import { once } from "node:events"
import { afterEach, beforeEach, expect, it } from "vitest"
import { type Announcement, announce } from "./announce.ts"

const device = { uuid: "0-1", location: "http://tv.lan:8080/hdhr/ann/a/device.xml" }
const loopback = "127.0.0.1"
let announcement: Announcement
let client: Socket
const problems: string[] = []

beforeEach(async () => {
  const onProblem = (message: string) => problems.push(message)
  announcement = await announce(device, { interfaceAddress: loopback, port: 0, onProblem })
  client = createSocket("udp4")
  client.bind(0, loopback)
  await once(client, "listening")
})
afterEach(async () => {
  await announcement.close()
  client.close()
  expect(problems.splice(0)).toEqual([])
})

/** The next `count` messages. */
async function received(socket: Socket, count: number): Promise<string[]> {
  const messages: string[] = []
  while (messages.length < count) {
    const [bytes] = (await once(socket, "message", { signal: AbortSignal.timeout(5_000) })) as [Buffer]
    messages.push(bytes.toString())
  }
  return messages
}

it("answers who looks for a tuner", async () => {
  const answer = received(client, 1)
  const search = ["M-SEARCH * HTTP/1.1", 'MAN: "ssdp:discover"', "MX: 1", "ST: upnp:rootdevice", "", ""]
  client.send(search.join("\r\n"), announcement.port, loopback)
  expect((await answer)[0]).toContain(`\r\nLOCATION: ${device.location}\r\n`)
})

it("says goodbye to the group once, however often it is closed", async () => {
  const listener = createSocket({ type: "udp4", reuseAddr: true })
  listener.bind(announcement.port)
  await once(listener, "listening")
  listener.addMembership("239.255.255.250", loopback)
  const heard: string[] = []
  listener.on("message", (bytes) => heard.push(bytes.toString()))
  const goodbyes = received(listener, 3)
  await Promise.all([announcement.close(), announcement.close()])
  for (const message of await goodbyes) expect(message).toContain("\r\nNTS: ssdp:byebye\r\n")
  expect(heard).toHaveLength(3)
  listener.close()
})
