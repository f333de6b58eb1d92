/** The dashboard's pages: the edge serves the same document at each of these paths. */
export const dashboardPages = [
  "/",
  "/welcome",
  "/channels",
  "/sources",
  "/viewers",
  "/live",
  "/transcode-profiles",
  "/guides",
  "/imports",
  "/settings",
  "/logs",
  "/changes",
] as const

export type DashboardPage = (typeof dashboardPages)[number]
