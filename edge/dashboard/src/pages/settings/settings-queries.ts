import { queryOptions } from "@tanstack/react-query"
import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import { call } from "../../api/call.ts"

/** All settings that are in force. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => call<SettingsAnswer>("GET", "/settings", undefined, signal),
})
