import {
  addedViewerSchema,
  changedViewerSchema,
  deletedViewerSchema,
  endedSessionSchema,
  newViewerSchema,
  viewerAddressSchema,
  viewerRowSchema,
  viewerRowsSchema,
  viewerSessionsSchema,
} from "@tributary/shared/admin-api/viewers"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const viewersApi: ZodOpenApiPathsObject = {
  "/viewers": {
    get: operation({ summary: "All viewers.", answer: viewerRowsSchema }),
    post: operation({
      summary: "Add a viewer.",
      description: "Without a password one is made, and told in this answer only.",
      body: newViewerSchema,
      answer: addedViewerSchema,
      status: 201,
      refusals: ["conflict"],
    }),
  },
  "/viewers/{username}": {
    get: operation({ summary: "One viewer.", answer: viewerRowSchema, refusals: ["not_found"] }),
    patch: operation({
      summary: "Change a viewer.",
      description:
        "What is not given stays. Their sessions end when they are disabled or expired, or have another password.",
      body: changedViewerSchema,
      answer: viewerRowSchema,
      refusals: ["not_found"],
    }),
    delete: operation({
      summary: "Delete a viewer, and end their sessions.",
      answer: deletedViewerSchema,
      refusals: ["not_found"],
    }),
  },
  "/viewers/{username}/address": {
    post: operation({
      summary: "What is to be entered in this viewer's players, the password too.",
      answer: viewerAddressSchema,
      refusals: ["not_found", "conflict"],
    }),
  },
  "/viewers/{username}/sessions": {
    get: operation({
      summary: "What a viewer plays now.",
      answer: viewerSessionsSchema,
      refusals: ["not_found"],
    }),
  },
  "/viewers/{username}/sessions/{session}": {
    delete: operation({
      summary: "End a session.",
      description: "Its player is cut off within five seconds, and its ticket is worth nothing from then on.",
      answer: endedSessionSchema,
      refusals: ["not_found"],
    }),
  },
}
