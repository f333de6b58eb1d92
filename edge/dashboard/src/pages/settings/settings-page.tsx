import { useQuery } from "@tanstack/react-query"
import { PageHead } from "../../app/page-head.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { SettingsForm } from "./form/settings-form.tsx"
import { SetElsewhere } from "./set-elsewhere.tsx"
import { settingsQuery } from "./settings-queries.ts"

/** What applies to the whole system. */
export function Component() {
  const settings = useQuery(settingsQuery)
  return (
    <>
      <PageHead
        title="Settings"
        lead="What applies to the whole system. A change is in force everywhere within seconds; streams that run go on."
      />
      <QueryView query={settings}>{(answer) => <SettingsForm answer={answer} />}</QueryView>
      <SetElsewhere />
    </>
  )
}
