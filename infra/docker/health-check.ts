import { request as requestPlain } from "node:http"
import { request as requestTls } from "node:https"

/**
 * What a container engine asks: exits 0 when this container's streamer carries viewers. It asks `/ready`, which stays true
 * while the store is away, and not `/health`, which does not: streams go on then, and must not be ended for it. One that
 * drains takes nobody new, and is to be left alone until it is empty.
 */
const port = process.env.STREAMER_PORT ?? "8090"
const usesTls = (process.env.TLS_CERTIFICATE ?? "") !== ""
const request = usesTls ? requestTls : requestPlain
// The certificate is made out to the streamer's public name, and this is the same container.
const asked = request({ host: "127.0.0.1", port, path: "/ready", timeout: 4_000, rejectUnauthorized: false })
asked.on("timeout", () => asked.destroy(new Error("no answer within 4 s")))
asked.on("error", (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
asked.on("response", (response) => {
  let body = ""
  response.setEncoding("utf8").on("data", (text: string) => {
    body += text
  })
  response.on("end", () => process.exit(/"(?:ok|draining)"/.test(body) ? 0 : 1))
})
asked.end()
