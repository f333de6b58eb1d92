import { z } from "zod"
import { type Gateway, GatewayStartError, startGateway } from "./start-gateway.ts"

const port = z.coerce.number().int().min(0).max(65_535)

const environment = z.object({
  GATEWAY_PORT: port.default(8079),
  GATEWAY_HOST: z.string().min(1).default("127.0.0.1"),
  GATEWAY_TOKEN: z.string().min(1),
  GATEWAY_MAX_BODY_BYTES: z.coerce.number().int().positive().optional(),
  REDIS_HOST: z.string().min(1).default("127.0.0.1"),
  REDIS_PORT: port.min(1).default(6390),
})

function exitWith(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}

const settings = environment.safeParse(process.env)
if (!settings.success) {
  const [issue] = settings.error.issues
  exitWith(`gateway: ${issue?.path.join(".")}: ${issue?.message}`)
}

let gateway: Gateway | undefined
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    // Before it is ready there is nothing to finish.
    if (gateway === undefined) process.exit(0)
    void gateway.close().then(() => process.exit(0))
  })
}

const { GATEWAY_MAX_BODY_BYTES: maxBodyBytes } = settings.data
try {
  gateway = await startGateway({
    port: settings.data.GATEWAY_PORT,
    host: settings.data.GATEWAY_HOST,
    redisHost: settings.data.REDIS_HOST,
    redisPort: settings.data.REDIS_PORT,
    token: settings.data.GATEWAY_TOKEN,
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
  })
} catch (error) {
  if (error instanceof GatewayStartError) exitWith(error.message)
  throw error
}
process.stdout.write(`${JSON.stringify({ ready: true, url: gateway.url })}\n`)
