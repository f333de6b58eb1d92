import type { ImportRow } from "@tributary/shared/admin-api/imports"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { useState } from "react"
import { useSearchParams } from "react-router"
import type { LoginValues } from "../sources/form/source-values.ts"
import { needsSetUp } from "./needs-set-up.ts"
import { isReachable, parametersOf, placeOf, type SetUpPlace } from "./set-up-place.ts"
import { StepList } from "./step-list.tsx"
import { AddressStep } from "./steps/address-step.tsx"
import { ImportStep } from "./steps/import-step.tsx"
import { PictureStep } from "./steps/picture-step.tsx"
import { ProviderStep } from "./steps/provider-step.tsx"
import { ViewerStep } from "./steps/viewer-step.tsx"

interface SetUpProps {
  sources: readonly SourceRow[]
  viewers: readonly ViewerRow[]
  imports: readonly ImportRow[]
}

/** From the provider's login to the first picture, a step at a time. */
export function SetUp(facts: SetUpProps) {
  const [parameters, setParameters] = useSearchParams()
  const place = placeOf(parameters, facts)
  const go = (change: Partial<SetUpPlace>) => setParameters(parametersOf({ ...place, ...change }))
  // In this page's memory alone: the API never shows a login.
  const [typed, setTyped] = useState<TypedLogin | null>(null)
  return (
    <>
      <StepList
        step={place.step}
        isReachable={(step) => isReachable(step, place, facts)}
        onChoose={(step) => go({ step })}
      />
      <CurrentStep
        key={`${place.step} ${place.source} ${place.viewer}`}
        {...facts}
        {...{ place, go, typed }}
        onTyped={setTyped}
      />
    </>
  )
}

interface TypedLogin {
  source: string
  login: LoginValues
}

interface CurrentStepProps extends SetUpProps {
  place: SetUpPlace
  typed: TypedLogin | null
  onTyped: (typed: TypedLogin | null) => void
  go: (change: Partial<SetUpPlace>) => void
}

function CurrentStep({ sources, viewers, imports, place, go, typed, onTyped }: CurrentStepProps) {
  const source = sources.find(({ id }) => id === place.source) ?? null
  const viewer = viewers.find(({ username }) => username === place.viewer)
  const toProvider = () => go({ step: "provider", source: null })
  const toViewer = () => go({ step: "viewer" })
  switch (place.step) {
    case "provider":
      return (
        <ProviderStep
          source={source?.origin === "demo" ? null : source}
          demo={needsSetUp(sources) ? (sources[0] ?? null) : null}
          typed={source !== null && typed?.source === source.id ? typed.login : null}
          onSaved={(id, login) => {
            onTyped(login === null ? null : { source: id, login })
            go({ step: "import", source: id })
          }}
          onAnother={toProvider}
        />
      )
    case "import":
      return source === null ? null : (
        <ImportStep
          {...{ source, sources, imports }}
          onBack={source.origin === "demo" ? toProvider : () => go({ step: "provider" })}
          onNext={toViewer}
        />
      )
    case "viewer":
      return (
        <ViewerStep viewers={viewers} onChosen={(username) => go({ step: "address", viewer: username })} />
      )
    case "address":
      return viewer === undefined ? null : (
        <AddressStep viewer={viewer} onAnother={toViewer} onNext={() => go({ step: "picture" })} />
      )
    case "picture":
      return <PictureStep onAnother={toViewer} />
  }
}
