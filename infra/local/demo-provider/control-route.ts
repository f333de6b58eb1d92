import type { IncomingMessage, ServerResponse } from "node:http"
import { z } from "zod"
import type { Control } from "./control.ts"
import { faultSchema } from "./faults.ts"
import { readBody } from "./read-body.ts"
import { accountChangeSchema, settingsChangeSchema } from "./settings.ts"

const faultsSchema = z.preprocess((body) => (Array.isArray(body) ? body : [body]), z.array(faultSchema))

/** `/control/...` as JSON. A body that does not fit gets 400 with what is wrong and where. */
export async function serveControl(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  try {
    const result = await act(control, request, path)
    if (result === undefined) reply(response, 404, { error: `no such control: ${request.method} ${path}` })
    else reply(response, 200, result)
  } catch (error) {
    if (error instanceof z.ZodError) reply(response, 400, { error: z.prettifyError(error) })
    else if (error instanceof SyntaxError) reply(response, 400, { error: "the body is not JSON" })
    else throw error
  }
}

async function act(control: Control, request: IncomingMessage, path: string): Promise<unknown> {
  const [area = "", rawName] = path.split("/").slice(2)
  const name = rawName === undefined ? undefined : decodeURIComponent(rawName)
  const body = async () => JSON.parse(await readBody(request)) as unknown
  switch (`${request.method} ${area}`) {
    case "GET connections":
      return control.connections()
    case "POST connections":
      if (name !== "reset-peak") return undefined
      control.resetPeak()
      return control.connections()
    case "GET faults":
      return name === undefined ? control.faults() : (control.faults()[name] ?? [])
    case "PUT faults":
      if (name === undefined) return undefined
      control.setFault(name, ...faultsSchema.parse(await body()))
      return control.faults()
    case "DELETE faults":
      control.clearFaults(name)
      return control.faults()
    case "GET accounts":
      return name === undefined ? undefined : (control.account(name) ?? undefined)
    case "PUT accounts":
      return name === undefined
        ? undefined
        : control.setAccount(name, accountChangeSchema.parse(await body()))
    case "GET hls":
      return control.hlsRequests()
    case "DELETE hls":
      control.resetHlsRequests()
      return control.hlsRequests()
    case "GET catchup":
      return control.catchupRequests()
    case "DELETE catchup":
      control.resetCatchupRequests()
      return control.catchupRequests()
    case "GET settings":
      return control.settings()
    case "PUT settings":
      return control.setSettings(settingsChangeSchema.parse(await body()))
    default:
      return undefined
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}
