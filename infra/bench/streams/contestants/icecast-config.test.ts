import { expect, it } from "vitest"
import { icecastConfig } from "./icecast-config.ts"

const settings = { port: 8123, folder: "/tmp/a", password: "secret", listeners: 1000, becomes: null }

it("Icecast listens on loopback alone, with room for every listener, and stays who it is", () => {
  const config = icecastConfig(settings)
  expect(config).toContain("<port>8123</port><bind-address>127.0.0.1</bind-address>")
  expect(config).toContain("<clients>1020</clients>")
  expect(config).toContain("<logdir>/tmp/a</logdir>")
  expect(config).not.toContain("changeowner")
})

it("Icecast becomes somebody else where it would be root", () => {
  const config = icecastConfig({ ...settings, becomes: { user: "nobody", group: "nogroup" } })
  expect(config).toContain("<changeowner><user>nobody</user><group>nogroup</group></changeowner>")
})
