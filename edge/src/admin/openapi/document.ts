import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi"
import { auditApi } from "../audit/audit-api.ts"
import { channelsApi } from "../channels/channels-api.ts"
import { epgApi } from "../epg/epg-api.ts"
import { importsApi } from "../imports/imports-api.ts"
import { logsApi } from "../logs/logs-api.ts"
import { overviewApi } from "../overview/overview-api.ts"
import { sessionApi } from "../session/session-api.ts"
import { settingsApi } from "../settings/settings-api.ts"
import { sourcesApi } from "../sources/sources-api.ts"
import { streamersApi } from "../streamers/streamers-api.ts"
import { streamsApi } from "../streams/streams-api.ts"
import { transcodeProfilesApi } from "../transcode-profiles/transcode-profiles-api.ts"
import { viewersApi } from "../viewers/viewers-api.ts"
import { openapiApi } from "./openapi-api.ts"

/** What each resource says of its routes, by their paths below `/api`. */
export const describedPaths: ZodOpenApiPathsObject = {
  ...sessionApi,
  ...channelsApi,
  ...importsApi,
  ...sourcesApi,
  ...viewersApi,
  ...epgApi,
  ...settingsApi,
  ...transcodeProfilesApi,
  ...overviewApi,
  ...streamsApi,
  ...streamersApi,
  ...logsApi,
  ...auditApi,
  ...openapiApi,
}

/** With what follows from a path: its parameters (texts, URL-encoded), and a name for each operation. */
function withNames(paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
        ...({ in: "path", required: true, schema: { type: "string" } } as const),
        name,
      }))
      const named = Object.entries(operations).map(([method, operation]) => [
        method,
        { ...operation, operationId: `${method}${path.replaceAll(/\W+/g, "_").replace(/_$/, "")}` },
      ])
      return [path, { ...Object.fromEntries(named), ...(parameters.length === 0 ? {} : { parameters }) }]
    }),
  )
}

/** The admin API in OpenAPI 3.1, made of the very schemas that guard it. */
export function describeApi() {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Tributary admin API",
      version: "1",
      description:
        "Sources, provider profiles, viewers, channels and what runs now. Times are Unix milliseconds unless a field says otherwise. Secrets are write-only: they are shown masked, and a mask that is sent back is refused.",
    },
    servers: [{ url: "/api" }],
    security: [{ adminToken: [] }, { dashboard: [] }],
    components: {
      securitySchemes: {
        adminToken: { type: "http", scheme: "bearer", description: "The admin token." },
        dashboard: {
          type: "apiKey",
          in: "cookie",
          name: "tributary-session",
          description: "What `POST /session` gives; over https its name begins with `__Host-`.",
        },
      },
    },
    paths: withNames(describedPaths),
  })
}
