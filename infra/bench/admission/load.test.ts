import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, it, onTestFinished } from "vitest"
import { leasesIn, load } from "./load.ts"

it("a load keeps so many connections busy, and tells other answers apart", async () => {
  const sockets = new Set<unknown>()
  const server = createServer((request, response) => {
    sockets.add(request.socket)
    const number = Number(request.url?.slice(1))
    if (number === 7) request.socket.destroy()
    else response.writeHead(number === 3 ? 503 : 302, { location: `/at/${number}` }).end("some text")
  }).listen(0, "127.0.0.1")
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once("listening", resolve))
  const edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const path = (number: number) => `/${number}`
  const done = await load(edge, { concurrency: 4, seconds: 30, requests: 20, path, status: 302 })
  expect(done).toMatchObject({ answered: 18, others: 2 })
  expect(done.milliseconds).toHaveLength(18)
  const numbers = Array.from({ length: 20 }, (_, number) => number).filter(
    (number) => ![3, 7].includes(number),
  )
  expect(new Set(done.locations)).toEqual(new Set(numbers.map((number) => `/at/${number}`)))
  // One more for the connection that broke.
  expect(sockets.size).toBe(5)
})

it("the leases of redirects are told by their tickets", () => {
  const redirect = (lease: string) =>
    `http://streamer.test/live/e30.${Buffer.from(JSON.stringify({ lease })).toString("base64url")}.c2ln.ts`
  expect(leasesIn([redirect("a"), redirect("b"), redirect("a")])).toEqual(new Set(["a", "b"]))
  expect(() => leasesIn(["http://streamer.test/elsewhere"])).toThrow("ticket")
})
