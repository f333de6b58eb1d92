import {
  IconActivity,
  IconBroadcast,
  IconCalendarEvent,
  IconDeviceTv,
  IconFileText,
  IconHistory,
  IconLayoutDashboard,
  IconRefresh,
  IconServer2,
  IconSettings,
  IconTransform,
  IconUsers,
} from "@tabler/icons-react"
import type { DashboardPage } from "@tributary/shared/admin-api/pages"
import type { ComponentType } from "react"

/** A page of the dashboard: its code is loaded when it is opened. */
export interface Page {
  path: DashboardPage
  title: string
  Icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>
  load: () => Promise<{ Component: ComponentType }>
}

/** In the order of the navigation. */
export const pages: readonly Page[] = [
  {
    path: "/",
    title: "Overview",
    Icon: IconLayoutDashboard,
    load: () => import("../pages/overview/overview-page.tsx"),
  },
  { path: "/live", title: "Live", Icon: IconActivity, load: () => import("../pages/live/live-page.tsx") },
  {
    path: "/channels",
    title: "Channels",
    Icon: IconDeviceTv,
    load: () => import("../pages/channels/channels-page.tsx"),
  },
  {
    path: "/sources",
    title: "Sources",
    Icon: IconServer2,
    load: () => import("../pages/sources/sources-page.tsx"),
  },
  {
    path: "/viewers",
    title: "Viewers",
    Icon: IconUsers,
    load: () => import("../pages/viewers/viewers-page.tsx"),
  },
  {
    path: "/guides",
    title: "Guide sources",
    Icon: IconCalendarEvent,
    load: () => import("../pages/guides/guides-page.tsx"),
  },
  {
    path: "/transcode-profiles",
    title: "Transcode profiles",
    Icon: IconTransform,
    load: () => import("../pages/transcode-profiles/transcode-profiles-page.tsx"),
  },
  {
    path: "/imports",
    title: "Imports",
    Icon: IconRefresh,
    load: () => import("../pages/imports/imports-page.tsx"),
  },
  {
    path: "/settings",
    title: "Settings",
    Icon: IconSettings,
    load: () => import("../pages/settings/settings-page.tsx"),
  },
  { path: "/logs", title: "Logs", Icon: IconFileText, load: () => import("../pages/logs/logs-page.tsx") },
  {
    path: "/changes",
    title: "Changes",
    Icon: IconHistory,
    load: () => import("../pages/changes/changes-page.tsx"),
  },
  {
    path: "/welcome",
    title: "Set-up",
    Icon: IconBroadcast,
    load: () => import("../pages/welcome/welcome-page.tsx"),
  },
]
