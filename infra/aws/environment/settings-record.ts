import { describeIssue } from "@tributary/shared/config/describe-issue"
import { z } from "zod"

/** An object that has these keys and no others; an unknown one is told with what exists. */
export const settings = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `there are ${Object.keys(shape).join(", ")}` : "must be an object",
  })

/** One line for what is wrong first: `regions[0].zone: unknown key; there are name, continent, …`. */
export function describeSetting(error: z.ZodError): string {
  const issue = error.issues[0]
  const line = describeIssue(error)
  return issue?.code === "unrecognized_keys" ? `${line}; ${issue.message}` : line
}
