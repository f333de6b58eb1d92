import { describe, expect, it } from "vitest"
import { playerScheme } from "./player-scheme.ts"

describe("the scheme that a player came by", () => {
  it.each([
    ["behind a proxy that ends TLS", "http://tv.example/stream/1", "https://tv.example", "https"],
    ["that leaves out its port", "http://tv.example/stream/1", "https://tv.example:8443/iptv", "https"],
    ["that passes its port on", "http://tv.example:8443/stream/1", "https://tv.example:8443", "https"],
    ["that writes the usual port", "http://tv.example:443/stream/1", "https://tv.example", "https"],
    ["past the proxy, by another port", "http://tv.example:8080/stream/1", "https://tv.example", "http"],
    ["by another host", "http://192.168.1.2/stream/1", "https://tv.example", "http"],
    ["by another host with TLS", "https://tv2.example/stream/1", "http://tv.example:8080", "https"],
    ["by the host of an http base", "http://localhost:8080/stream/1", "http://localhost:8080", "http"],
    ["with TLS by the port of none", "https://tv.example:8443/stream/1", "http://tv.example:8080", "https"],
  ])("%s: %s of %s is %s", (_, requested, base, scheme) => {
    expect(playerScheme(new URL(requested), new URL(base))).toBe(scheme)
  })
})
