import { Button, Text } from "@mantine/core"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { count } from "../../../parts/figures.ts"
import { ImportCard } from "../../imports/import-card.tsx"
import { titleOf } from "../../sources/card/source-words.ts"
import { DropDemo } from "../../sources/drop-demo.tsx"
import { type ImportProgress, importProgress } from "./import-progress.ts"
import { StepFrame } from "./step-frame.tsx"

interface ImportStepProps {
  source: SourceRow
  sources: readonly SourceRow[]
  imports: readonly ImportRow[]
  onBack: () => void
  onNext: () => void
}

/** The first import as it runs, and what to do when it does not. */
export function ImportStep({ source, sources, imports, onBack, onNext }: ImportStepProps) {
  const job = imports.find((one) => one.kind === "source" && one.source === source.id)
  const publication = imports.find(({ kind }) => kind === "publish")
  const progress = importProgress(job, publication)
  return (
    <StepFrame
      title={`Import of ${titleOf(source)}`}
      lead="Its list is read now, and again and again later. Then the playlist is made of it."
      ways={
        <>
          <Button variant={progress === "done" ? "filled" : "default"} onClick={onNext}>
            Go on to the viewer
          </Button>
          <Button variant={progress === "failed" ? "filled" : "subtle"} onClick={onBack}>
            {source.origin === "demo" ? "Back: add your provider" : "Back to the provider's login"}
          </Button>
        </>
      }
    >
      {job !== undefined && <ImportCard job={job} />}
      {publication !== undefined && <ImportCard job={publication} />}
      <Text size="sm" role="status">
        {wordsOf(progress, job?.entries ?? 0)}
      </Text>
      <DropDemo sources={sources} />
    </StepFrame>
  )
}

function wordsOf(progress: ImportProgress, entries: number): string {
  switch (progress) {
    case "underway":
      return "This may take some minutes for a long list. You can go on meanwhile."
    case "failed":
      return "The list could not be read, for the reason above. Look at the login once more, or have it read again."
    case "done":
      return `Done: ${count(entries)} entries were read, and the playlist is made of them.`
  }
}
