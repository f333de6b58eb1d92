import * as z from "zod"
import { record, text } from "../config/fields.ts"

/** Body of `POST /api/session`. */
export const signInSchema = record({ token: text(1_000).describe("The admin token.") })

/** `GET /api/session`: who asks. */
export const sessionSchema = z.object({
  signedIn: z.boolean(),
  /** Unix milliseconds; null: by the token itself, or not signed in. */
  expiresAt: z.number().nullable(),
})

export type Session = z.output<typeof sessionSchema>
