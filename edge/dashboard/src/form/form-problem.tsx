import { Alert } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"

/** What is wrong with a form as a whole. */
export function FormProblem({ problem }: { problem: string | null }) {
  if (problem === null) return null
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {problem}
    </Alert>
  )
}
