import { useQueryClient } from "@tanstack/react-query"
import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import { useEffect, useRef } from "react"
import { call } from "../../../api/call.ts"
import { type SavedForm, useSavedForm } from "../../../form/use-saved-form.ts"
import { tellDone } from "../../../parts/tell.ts"
import { settingFields } from "../fields/setting-groups.ts"
import { settingsQuery } from "../settings-queries.ts"
import { type SettingValues, settingsChange, valuesOf } from "./setting-values.ts"
import { settingsFormSchema } from "./settings-form-schema.ts"

/** The form of all settings. It follows what is stored, but for fields in which something is typed. */
export function useSettingsForm(answer: SettingsAnswer): SavedForm<SettingValues, SettingsAnswer> {
  const client = useQueryClient()
  const saved = useSavedForm<SettingValues, SettingsAnswer>({
    initialValues: valuesOf(answer.settings),
    schema: settingsFormSchema,
    bodyOf: (values) => settingsChange(values, answer),
    save: (body) => call<SettingsAnswer>("PATCH", "/settings", body),
    onSaved: (now) => {
      client.setQueryData(settingsQuery.queryKey, now)
      tellDone("Saved.")
    },
  })

  const { form } = saved
  const known = useRef(valuesOf(answer.settings))
  const { setFieldValue, getValues } = form
  useEffect(() => {
    const [typed, stored] = [getValues(), valuesOf(answer.settings)]
    for (const { name } of settingFields)
      if (typed[name] === known.current[name] && typed[name] !== stored[name])
        setFieldValue(name, stored[name])
    known.current = stored
  }, [answer, getValues, setFieldValue])
  return saved
}
