import type { UseFormReturnType } from "@mantine/form"
import { describePath } from "@tributary/shared/config/describe-issue"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { nearestField } from "../../../form/field-error.ts"
import { useProfileTest } from "../profile-queries.ts"
import { type ProfileValues, testBody } from "./profile-values.ts"

// A test needs no id, the schema does.
const anyId = "unsaved"

/** Tests what is typed, saved or not. What is wrong with it is told beside its field, as when it is saved. */
export function useTestTyped(form: UseFormReturnType<ProfileValues>) {
  const test = useProfileTest()
  const body = testBody(form.values)
  const run = () => {
    const issues = transcodeProfileSchema.safeParse({ ...body, id: anyId }).error?.issues ?? []
    form.clearErrors()
    for (const { path, message } of issues) {
      const field = nearestField(describePath(path), fields)
      if (field !== null) form.setFieldError(field, message)
    }
    if (issues.length === 0) test.mutate(body)
  }
  const isStale = test.variables !== undefined && JSON.stringify(test.variables) !== JSON.stringify(body)
  return { test, run, isStale }
}

const fields: ReadonlySet<string> = new Set([
  ...["output", "arguments", "variants", "video", "audio"],
  ...["codec", "height", "bitrate", "frameRate"].map((field) => `video.${field}`),
  ...["codec", "bitrate", "channels"].map((field) => `audio.${field}`),
])
