import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type EcsAnswer, ecsError, runOperation } from "./ecs-operations.ts"
import { type EcsCall, type EcsState, emptyEcs } from "./ecs-state.ts"
import { type Listening, listening } from "./listening.ts"
import { readRequest } from "./read-request.ts"

const targetPrefix = "AmazonEC2ContainerServiceV20141113."

/**
 * A stand-in for Amazon ECS that speaks its JSON 1.1 protocol and fails as it does. Tests set all that it knows by
 * `PUT /state` (`EcsState`) and look at it by `GET /state`; `GET /calls` lists the calls since then.
 */
export function startEcsServer(): Promise<Listening> {
  let state = structuredClone(emptyEcs)
  let calls: EcsCall[] = []
  const steer: Record<string, (body: string) => unknown> = {
    "GET /state": () => state,
    "GET /calls": () => calls,
    "PUT /state": (body) => {
      state = { ...structuredClone(emptyEcs), ...(JSON.parse(body) as Partial<EcsState>) }
      calls = []
    },
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readRequest(request)
    const steered = steer[`${request.method} ${request.url}`]
    if (steered !== undefined) {
      response.end(JSON.stringify(steered(body) ?? null))
      return
    }
    const operation = String(request.headers["x-amz-target"]).slice(targetPrefix.length)
    calls.push({ operation, input: JSON.parse(body) as Record<string, unknown> })
    const fault = state.fault?.operation === null || state.fault?.operation === operation ? state.fault : null
    if (fault?.kind === "hang") return
    if (fault?.kind === "not_json") {
      response
        .writeHead(503, { "content-type": "text/html" })
        .end("<html><body>Service Unavailable</body></html>")
      return
    }
    const { status, body: answered } =
      (fault === null ? null : faulty(fault.kind)) ??
      unsigned(request, state) ??
      runOperation(state, operation, calls.at(-1)?.input ?? {})
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answered))
  }
  return listening(createServer((request, response) => void answer(request, response)))
}

function faulty(kind: "throttled" | "refused" | "internal" | "cluster_missing"): EcsAnswer {
  switch (kind) {
    case "throttled":
      return ecsError("ThrottlingException", "Rate exceeded")
    case "refused":
      return ecsError(
        "com.amazon.coral.service#AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/edge is not authorized to perform: ecs:DescribeServices",
      )
    case "internal":
      return ecsError("ServerException", "Service Unavailable. Please try again later.", 500)
    case "cluster_missing":
      return ecsError("ClusterNotFoundException", "Cluster not found.")
  }
}

/** The error for a call that is not signed by the user that is known, for this region and service. */
function unsigned(request: IncomingMessage, { accessKeyId, region }: EcsState): EcsAnswer | null {
  const authorization = request.headers.authorization ?? ""
  const scope = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/ecs\/aws4_request, /.exec(
    authorization,
  )
  if (scope === null) return ecsError("MissingAuthenticationTokenException", "Missing Authentication Token")
  if (scope[1] !== accessKeyId)
    return ecsError("UnrecognizedClientException", "The security token included in the request is invalid.")
  return scope[2] === region
    ? null
    : ecsError("InvalidSignatureException", `Credential should be scoped to a valid region.`)
}
