import { Alert, Anchor, List } from "@mantine/core"
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react"
import type { Overview } from "@tributary/shared/admin-api/overview"
import { Link } from "react-router"
import { count } from "../../parts/figures.ts"

/** What is not as it should be, and the imports that run. */
export function Attention({ imports, unanswered }: Pick<Overview, "imports" | "unanswered">) {
  return (
    <>
      {(imports.failed > 0 || unanswered.length > 0) && (
        <Alert
          color="yellow"
          role="status"
          icon={<IconAlertTriangle aria-hidden />}
          title="This wants your attention"
        >
          <List size="sm">
            {unanswered.length > 0 && (
              <List.Item>
                {unanswered.length === 1 ? "A streamer does" : `${count(unanswered.length)} streamers do`} not
                answer ({unanswered.join(", ")}): the figures are without what runs there.
              </List.Item>
            )}
            {imports.failed > 0 && (
              <List.Item>
                {imports.failed === 1 ? "An import" : `${count(imports.failed)} imports`} failed; what the
                last good one brought stays in force. <ToImports>See why</ToImports>
              </List.Item>
            )}
          </List>
        </Alert>
      )}
      {imports.running > 0 && (
        <Alert color="stream" role="status" icon={<IconRefresh aria-hidden />}>
          {imports.running === 1 ? "An import runs" : `${count(imports.running)} imports run`}.{" "}
          <ToImports>Watch</ToImports>
        </Alert>
      )}
    </>
  )
}

function ToImports({ children }: { children: string }) {
  return (
    <Anchor component={Link} to="/imports" inherit underline="always" c="inherit">
      {children}
    </Anchor>
  )
}
