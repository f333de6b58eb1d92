import { queuedSchema } from "@tributary/shared/admin-api/imports"
import {
  changedProfileSchema,
  changedSourceSchema,
  newProfileSchema,
  newSourceSchema,
  orderSchema,
  poolRowSchema,
  profileRowSchema,
  profileRowsSchema,
  sourceCheckSchema,
  sourceRowSchema,
  sourceRowsSchema,
  sourceTestSchema,
} from "@tributary/shared/admin-api/sources"
import * as z from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

const deleted = z.object({ deleted: z.literal(true) })
const tested = {
  summary: "What the provider says of it now.",
  description: "A streamer asks, as only these may; nothing is known without one.",
  answer: sourceCheckSchema,
} as const
const unlessConfigured = "What a configuration names is as that says again at the next start."

/** Sources and their profiles. */
export const sourcesApi: ZodOpenApiPathsObject = {
  "/sources": {
    get: operation({ summary: "The sources in their order, with their profiles.", answer: sourceRowsSchema }),
    post: operation({
      summary: "Adds a source, and has it imported.",
      description:
        "As in the configuration file. Without an id it gets one, and without an order it comes last.",
      ...{ body: newSourceSchema, answer: sourceRowSchema, status: 201 },
    }),
  },
  "/sources/order": {
    put: operation({
      summary: "Puts all sources in order.",
      ...{ body: orderSchema, answer: sourceRowsSchema, refusals: ["conflict"] },
    }),
  },
  "/sources/test": {
    post: operation({ ...tested, body: sourceTestSchema, refusals: ["no_streamer"] }),
  },
  "/sources/{id}": {
    get: operation({ summary: "One source.", answer: sourceRowSchema, refusals: ["unknown_source"] }),
    patch: operation({
      summary: "Changes what is given of a source.",
      description: `Null removes what may be missing; of headers, those that are named change. ${unlessConfigured}`,
      ...{ body: changedSourceSchema, answer: sourceRowSchema, refusals: ["unknown_source"] },
    }),
    delete: operation({
      summary: "Removes a source with its channels.",
      ...{ description: unlessConfigured, answer: deleted, refusals: ["unknown_source"] },
    }),
  },
  "/sources/{id}/import": {
    post: operation({
      summary: "Has the source imported at once.",
      description: "`accept=shrunken`: its list really shrank, and is taken as it is.",
      query: z.object({ accept: z.literal("shrunken").optional() }),
      ...{ answer: queuedSchema, status: 202, refusals: ["unknown_source"] },
    }),
  },
  "/sources/{id}/test": {
    post: operation({ ...tested, refusals: ["unknown_source", "no_streamer"] }),
  },
  "/sources/{id}/pool": {
    get: operation({
      summary: "How full the source is.",
      ...{ answer: poolRowSchema, refusals: ["unknown_source"] },
    }),
  },
  "/sources/{id}/profiles": {
    get: operation({
      summary: "The profiles of a source, the primary first.",
      ...{ answer: profileRowsSchema, refusals: ["unknown_source"] },
    }),
    post: operation({
      summary: "Adds a profile.",
      ...{ body: newProfileSchema, answer: profileRowSchema, status: 201, refusals: ["unknown_source"] },
    }),
  },
  "/sources/{id}/profiles/order": {
    put: operation({
      summary: "Has the profiles tried in this order.",
      ...{ body: orderSchema, answer: profileRowsSchema, refusals: ["unknown_source", "conflict"] },
    }),
  },
  "/sources/{id}/profiles/{profile}": {
    get: operation({
      summary: "One profile.",
      ...{ answer: profileRowSchema, refusals: ["unknown_source", "unknown_profile"] },
    }),
    patch: operation({
      summary: "Changes what is given of a profile.",
      description: `Address and login of the primary one are the source's own. ${unlessConfigured}`,
      ...{ body: changedProfileSchema, answer: profileRowSchema },
      refusals: ["unknown_source", "unknown_profile"],
    }),
    delete: operation({
      summary: "Removes a profile that is not the primary one.",
      ...{ answer: deleted, refusals: ["bad_request", "unknown_source", "unknown_profile"] },
    }),
  },
  "/sources/{id}/profiles/{profile}/test": {
    post: operation({ ...tested, refusals: ["unknown_source", "unknown_profile", "no_streamer"] }),
  },
}
