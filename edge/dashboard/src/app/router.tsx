import { createBrowserRouter } from "react-router"
import { Frame } from "./frame.tsx"
import { PageFailed, PageLoading, PageMissing } from "./page-states.tsx"
import { pages } from "./pages.ts"

export const router = createBrowserRouter([
  {
    element: <Frame />,
    HydrateFallback: PageLoading,
    children: [
      ...pages.map(({ path, load }) => ({ path, lazy: load, ErrorBoundary: PageFailed })),
      { path: "*", Component: PageMissing },
    ],
  },
])
