import {
  changedGuideSchema,
  deletedGuideSchema,
  guideChannelQuerySchema,
  guideChannelsSchema,
  guideOrderSchema,
  guideRowSchema,
  guideRowsSchema,
  newGuideSchema,
} from "@tributary/shared/admin-api/epg"
import { queuedSchema } from "@tributary/shared/admin-api/imports"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const epgApi: ZodOpenApiPathsObject = {
  "/epg": {
    get: operation({ summary: "The guides that are configured on their own.", answer: guideRowsSchema }),
    post: operation({
      summary: "Add a guide.",
      body: newGuideSchema,
      answer: guideRowSchema,
      status: 201,
      refusals: ["conflict"],
    }),
  },
  "/epg/channels": {
    get: operation({
      summary: "Channels that the guides have, for mapping one to a channel of the playlist.",
      query: guideChannelQuerySchema,
      answer: guideChannelsSchema,
    }),
  },
  "/epg/import": {
    post: operation({ summary: "Import these guides at once.", answer: queuedSchema, status: 202 }),
  },
  "/epg/order": {
    put: operation({
      summary: "Put the guides in order: of what two say of a channel, the first one's counts.",
      body: guideOrderSchema,
      answer: guideRowsSchema,
      refusals: ["conflict"],
    }),
  },
  "/epg/{id}": {
    get: operation({ summary: "One guide.", answer: guideRowSchema, refusals: ["not_found"] }),
    patch: operation({
      summary: "Give a guide another address, and with it another id.",
      body: changedGuideSchema,
      answer: guideRowSchema,
      refusals: ["not_found", "conflict"],
    }),
    delete: operation({
      summary: "Delete a guide.",
      answer: deletedGuideSchema,
      refusals: ["not_found"],
    }),
  },
}
