import {
  bulkEditSchema,
  channelEditedSchema,
  channelGroupsSchema,
  channelGuideSchema,
  channelPageSchema,
  channelSchema,
  channelsEditedSchema,
  playingSchema,
} from "@tributary/shared/admin-api/channels"
import { channelEditSchema } from "@tributary/shared/catalogue/edit"
import * as z from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"
import { rowQuerySchema } from "./row-filter.ts"

const playQuery = z.object({ profile: z.string().optional().describe("A transcode profile.") })

export const channelsApi: ZodOpenApiPathsObject = {
  "/channels": {
    get: operation({
      summary: "A page of channels, movies, series and episodes, in the playlist's order.",
      query: rowQuerySchema,
      answer: channelPageSchema,
    }),
    patch: operation({
      summary: "The same change of many channels, of all or of none.",
      body: bulkEditSchema,
      answer: channelsEditedSchema,
      refusals: ["unknown_channel"],
    }),
  },
  "/channels/groups": {
    get: operation({ summary: "The groups of what is published.", answer: channelGroupsSchema }),
  },
  "/channels/{id}": {
    get: operation({
      summary: "A channel, and what stands in the way of its feeds.",
      answer: channelSchema,
      refusals: ["unknown_channel"],
    }),
    patch: operation({
      summary: "Rename, hide, number, regroup, reorder feeds, merge or split.",
      description: "Keys that are left out stay; null goes back to what the sources say.",
      body: channelEditSchema,
      answer: channelEditedSchema,
      refusals: ["unknown_channel"],
    }),
  },
  "/channels/{id}/guide": {
    get: operation({
      summary: "What is on, and next.",
      answer: channelGuideSchema,
      refusals: ["unknown_channel"],
    }),
  },
  "/channels/{id}/play": {
    post: operation({
      summary: "An address where it can be played in a page.",
      description: "It takes a connection as any viewer does, and counts for no viewer's limit.",
      query: playQuery,
      answer: playingSchema,
      refusals: ["unknown_channel", "unknown_profile", "unsupported_output", "no_capacity", "no_streamer"],
    }),
  },
}
