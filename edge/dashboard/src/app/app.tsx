import "./nonce.ts"
import "@mantine/core/styles.css"
import "@mantine/notifications/styles.css"
import "./app.css"
import { MantineProvider } from "@mantine/core"
import { ModalsProvider } from "@mantine/modals"
import { Notifications } from "@mantine/notifications"
import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "react-router/dom"
import { queryClient } from "../api/query-client.ts"
import { SessionGate } from "../session/session-gate.tsx"
import { nonce } from "./nonce.ts"
import { router } from "./router.tsx"
import { readableColours, theme } from "./theme.ts"

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColours}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Notifications position="bottom-right" />
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
