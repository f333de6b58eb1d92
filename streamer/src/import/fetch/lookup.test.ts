import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Agent, request } from "undici"
import { expect, it } from "vitest"
import { answerLookup, LookupClient } from "./lookup.ts"

it("finds names and fails for those that are none, as asking in the own thread does", async () => {
  const client: LookupClient = new LookupClient((question) =>
    // As a message to another thread: only what can be cloned.
    answerLookup(structuredClone(question), (answer) => client.answered(structuredClone(answer))),
  )
  const server = createServer((_request, response) => response.end("here")).listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ connect: { lookup: client.lookup } })
  try {
    const { body } = await request(`http://localhost:${port}/`, { dispatcher: agent })
    expect(await body.text()).toBe("here")
    await expect(request("http://no-such-name.invalid/", { dispatcher: agent })).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/) }),
    )
  } finally {
    await agent.destroy()
    server.close()
    server.closeAllConnections()
  }
})
