import { Accordion } from "@mantine/core"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { useState } from "react"
import { MoreFields } from "./more-fields.tsx"
import type { SourceForm } from "./use-source-form.ts"

const fields = ["live", "vod", "series", "include", "exclude", "epgUrl", "userAgent", "headers"]

/** Folds up what most sources need nothing of, unless something there is wrong. */
export function MoreSettings({ form, row }: { form: SourceForm["form"]; row: SourceRow | null }) {
  const [open, setOpen] = useState<string | null>(null)
  const isWrong = fields.some((field) => form.errors[field] !== undefined)
  return (
    <Accordion variant="contained" value={isWrong ? "more" : open} onChange={setOpen}>
      <Accordion.Item value="more">
        <Accordion.Control>More settings</Accordion.Control>
        <Accordion.Panel>
          <MoreFields form={form} row={row} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
