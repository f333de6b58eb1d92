import { settingsPatchSchema } from "@tributary/shared/admin-api/settings"
import * as z from "zod"
import { settingFields } from "../fields/setting-groups.ts"

const sizes = new Set<unknown>(settingFields.filter(({ as }) => as.kind === "size").map(({ name }) => name))
const mebibyte = 1024 * 1024

/** What the API asks of settings, in its words; of a size, which is typed in MiB, the bytes that they name are too. */
export const settingsFormSchema = z.unknown().superRefine((body, context) => {
  for (const { path, message } of settingsPatchSchema.safeParse(body).error?.issues ?? [])
    context.addIssue({ code: "custom", path, message: sizes.has(path[0]) ? inMebibytes(message) : message })
})

const inMebibytes = (message: string) =>
  message.replaceAll(/\d+/g, (bytes) => `${Number(bytes) / mebibyte} MiB`).replace("whole number", "number")
