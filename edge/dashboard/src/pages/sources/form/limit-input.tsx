import { NumberInput, type NumberInputProps } from "@mantine/core"

interface LimitInputProps extends NumberInputProps {
  /** What the provider allows; null: it was not asked, or does not say. */
  detected: number | null
}

/** How many connections of a login may be used at once. */
export function LimitInput({ detected, ...input }: LimitInputProps) {
  return (
    <NumberInput
      label="Connections at once"
      description="Empty: as many as the provider says."
      placeholder={detected === null ? "no limit of our own" : `${detected}, as the provider says`}
      min={0}
      allowDecimal={false}
      allowNegative={false}
      {...input}
    />
  )
}
