import { Stepper } from "@mantine/core"
import { type Step, steps } from "./set-up-place.ts"
import styles from "./step-list.module.css"

const labels: Record<Step, string> = {
  provider: "Provider",
  import: "Import",
  viewer: "Viewer",
  address: "Addresses",
  picture: "Picture",
}

interface StepListProps {
  step: Step
  isReachable: (step: Step) => boolean
  onChoose: (step: Step) => void
}

/** The steps, and the way to those that can be. */
export function StepList({ step, isReachable, onChoose }: StepListProps) {
  const active = steps.indexOf(step)
  return (
    <Stepper
      component="nav"
      aria-label="Steps"
      active={active}
      size="sm"
      mb="lg"
      maw={720}
      wrap={false}
      classNames={{ stepBody: styles.stepBody ?? "" }}
      onStepClick={(index) => onChoose(steps[index] ?? step)}
    >
      {steps.map((one) => (
        <Stepper.Step
          key={one}
          label={labels[one]}
          aria-current={one === step ? "step" : undefined}
          allowStepSelect={isReachable(one)}
          disabled={!isReachable(one)}
        />
      ))}
    </Stepper>
  )
}
