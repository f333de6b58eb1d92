import { NumberInput, type NumberInputProps } from "@mantine/core"
import { bitRate } from "../../../parts/figures.ts"

/** Bit/s, as the configuration has them; said in larger units beside it. */
export function BitrateInput(props: NumberInputProps) {
  return (
    <NumberInput
      label="Bitrate (bit/s)"
      placeholder="the encoder's choice"
      thousandSeparator=" "
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="none"
      step={100_000}
      {...props}
      description={typeof props.value === "number" ? bitRate(props.value) : "Empty: the encoder's choice"}
    />
  )
}
