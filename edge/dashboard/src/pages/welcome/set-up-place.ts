import type { ImportRow } from "@tributary/shared/admin-api/imports"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { needsSetUp } from "./needs-set-up.ts"

/** In their order. */
export const steps = ["provider", "import", "viewer", "address", "picture"] as const

export type Step = (typeof steps)[number]

/** Where somebody is in the set-up: all of it stands in the page's address, so that a reload changes nothing. */
export interface SetUpPlace {
  step: Step
  /** The source that is set up; null: a new one. */
  source: string | null
  /** Whose addresses are shown. */
  viewer: string | null
}

/** What there is already. */
export interface SetUpFacts {
  sources: readonly Pick<SourceRow, "id" | "origin">[]
  viewers: readonly { username: string }[]
  imports: readonly Pick<ImportRow, "kind" | "source" | "phase">[]
}

// As the source: one that is still to be typed.
const newSource = "new"

/** The place that the page's address names, or the nearest one before it that can be. */
export function placeOf(parameters: URLSearchParams, facts: SetUpFacts): SetUpPlace {
  const { sources, viewers } = facts
  const named = parameters.get("source")
  const own = sources.find(({ origin }) => origin !== "demo")
  const source = named === newSource ? null : ((sources.find(({ id }) => id === named) ?? own)?.id ?? null)
  const wanted = parameters.get("viewer")
  const viewer = viewers.some(({ username }) => username === wanted) ? wanted : null
  const given = steps.find((step) => step === parameters.get("step")) ?? firstStep(facts, source)
  return { step: nearest(given, { source, viewer }, facts), source, viewer }
}

/** The page's address of a place. */
export function parametersOf({ step, source, viewer }: SetUpPlace): URLSearchParams {
  const parameters = new URLSearchParams({ step, source: source ?? newSource })
  if (viewer !== null) parameters.set("viewer", viewer)
  return parameters
}

/** Whether there is what a step needs. */
export function isReachable(
  step: Step,
  { source, viewer }: Omit<SetUpPlace, "step">,
  facts: SetUpFacts,
): boolean {
  switch (step) {
    case "provider":
      return true
    case "import":
      return source !== null
    case "viewer":
    case "picture":
      return facts.sources.length > 0
    case "address":
      return viewer !== null
  }
}

function nearest(step: Step, place: Omit<SetUpPlace, "step">, facts: SetUpFacts): Step {
  const before = steps.slice(0, steps.indexOf(step) + 1).reverse()
  return before.find((one) => isReachable(one, place, facts)) ?? "provider"
}

/** Whoever comes back goes on where something is missing, and to another viewer's addresses where nothing is. */
function firstStep({ sources, imports }: SetUpFacts, source: string | null): Step {
  if (needsSetUp(sources)) return "provider"
  const job = imports.find((one) => one.kind === "source" && one.source === source)
  return job?.phase === "done" ? "viewer" : "import"
}
