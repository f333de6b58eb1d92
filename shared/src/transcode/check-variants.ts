import { builtInProfiles } from "./built-in.ts"

interface Named {
  id: string
  variants?: readonly string[] | undefined
}

/** A variant that is not there, or is adaptive itself. */
export interface VariantProblem {
  /** Whose variant it is. */
  profile: string
  /** In its list. */
  at: number
  message: string
}

/** What is wrong with what adaptive profiles name, of all that are configured; built-in ones are known. */
export function variantProblems(profiles: readonly Named[]): VariantProblem[] {
  const known = new Map<string, Named>(
    [...builtInProfiles.map(({ id, ...rest }) => ({ id, ...rest })), ...profiles].map((one) => [one.id, one]),
  )
  return [...known.values()].flatMap(({ id: profile, variants = [] }) =>
    variants.flatMap((id, at) => {
      const variant = known.get(id)
      if (variant === undefined) return [{ profile, at, message: `there is no transcode profile "${id}"` }]
      return variant.variants === undefined ? [] : [{ profile, at, message: `"${id}" has variants itself` }]
    }),
  )
}
