/** A number that the environment may set; throws when it is set to anything else. */
export function numberFrom(
  name: string,
  fallback: number,
  environment: NodeJS.ProcessEnv = process.env,
): number {
  const written = environment[name]
  if (written === undefined || written === "") return fallback
  const value = Number(written)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1 on`)
  return value
}
