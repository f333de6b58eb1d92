import { describe, expect, it } from "vitest"
import { answersTo, goodbyes, hellos } from "./messages.ts"

const device = { uuid: "0-1", location: "http://tv.lan:8080/hdhr/ann/a/device.xml" }
const search = (target: string, start = "M-SEARCH * HTTP/1.1", man = '"ssdp:discover"') =>
  [start, "HOST: 239.255.255.250:1900", `Man: ${man}`, "MX: 2", `st:${target}`, "", ""].join("\r\n")
const header = (message: string, name: string) => new RegExp(`^${name}: ?(.*)\r$`, "m").exec(message)?.[1]

describe("a search for devices", () => {
  it.each([
    ["upnp:rootdevice", "uuid:0-1::upnp:rootdevice"],
    ["uuid:0-1", "uuid:0-1"],
    ["urn:schemas-upnp-org:device:MediaServer:1", "uuid:0-1::urn:schemas-upnp-org:device:MediaServer:1"],
  ])("is answered for %s", (target, name) => {
    const [answer = "", ...others] = answersTo(search(target), device)
    expect(others).toEqual([])
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\r\nEXT:\r\n.*\r\n\r\n$/s)
    expect(["ST", "USN", "LOCATION"].map((one) => header(answer, one))).toEqual([
      ...[target, name, device.location],
    ])
  })

  it("for all is answered with all", () => {
    expect(answersTo(search("ssdp:all"), device).map((answer) => header(answer, "ST"))).toEqual([
      ...["upnp:rootdevice", "uuid:0-1", "urn:schemas-upnp-org:device:MediaServer:1"],
    ])
  })

  it.each([
    ["another device", search("uuid:0-2")],
    ["nothing", search("")],
    ["something else", search("ssdp:all", "NOTIFY * HTTP/1.1")],
    ["no discovery", search("ssdp:all", "M-SEARCH * HTTP/1.1", '"other"')],
    ["no SSDP", "\u0000\u0001"],
  ])("is not answered when it is for %s", (_, message) => {
    expect(answersTo(message, device)).toEqual([])
  })
})

describe("what the network is told", () => {
  it("says of each name that it is there, where and for how long, and that it is gone", () => {
    for (const hello of hellos(device))
      expect(["NTS", "LOCATION", "CACHE-CONTROL"].map((name) => header(hello, name))).toEqual([
        ...["ssdp:alive", device.location, "max-age=1800"],
      ])
    const names = (messages: string[]) => messages.map((message) => header(message, "USN"))
    expect(names(goodbyes(device))).toEqual(names(hellos(device)))
    expect(goodbyes(device).map((message) => header(message, "NTS"))).toEqual(Array(3).fill("ssdp:byebye"))
  })
})
