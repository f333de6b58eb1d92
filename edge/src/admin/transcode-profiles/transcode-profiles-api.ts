import {
  transcodeProfileListSchema,
  transcodeProfileRowSchema,
  transcodeTestSchema,
} from "@tributary/shared/admin-api/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import * as z from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

const changed = z.record(z.string(), z.unknown()).describe("Any part of a transcode profile but its id.")
const deleted = z.object({ deleted: z.literal(true) })

export const transcodeProfilesApi: ZodOpenApiPathsObject = {
  "/transcode-profiles": {
    get: operation({
      summary: "All transcode profiles, the built-in ones first.",
      answer: transcodeProfileListSchema,
    }),
    post: operation({
      summary: "Add a transcode profile.",
      body: transcodeProfileSchema,
      answer: transcodeProfileRowSchema,
      status: 201,
      refusals: ["conflict"],
    }),
  },
  "/transcode-profiles/test": {
    post: operation({
      summary: "Run a transcode profile for some seconds on a test picture.",
      description: "Nothing is stored. The id may be left out.",
      body: transcodeProfileSchema,
      answer: transcodeTestSchema,
      refusals: ["conflict", "no_streamer"],
    }),
  },
  "/transcode-profiles/{id}": {
    get: operation({
      summary: "One transcode profile.",
      answer: transcodeProfileRowSchema,
      refusals: ["unknown_profile"],
    }),
    patch: operation({
      summary: "Change a transcode profile; a built-in one is replaced.",
      body: changed,
      answer: transcodeProfileRowSchema,
      refusals: ["unknown_profile", "conflict"],
    }),
    delete: operation({
      summary: "Delete a transcode profile; where it had replaced a built-in one, that is back.",
      answer: deleted,
      refusals: ["unknown_profile", "conflict"],
    }),
  },
}
