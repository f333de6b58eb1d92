import type { ViewerAddress } from "@tributary/shared/admin-api/viewers"
import { count } from "../../../parts/figures.ts"

/** One thing to do in a player, and what is to be entered there, in the order of its form. */
export interface PlayerStep {
  words: string
  values?: { label: string; value: string }[]
}

/** How a player is set up. */
export interface PlayerSetUp {
  id: string
  name: string
  steps: PlayerStep[]
  /** What it cannot do, or needs. */
  notes: string[]
}

export interface SetUpFigures {
  /** Sessions that the viewer may have at once; null or 0: as many as they like. */
  maxStreams: number | null
  /** Live channels of the playlist; null: not known. */
  channels: number | null
}

// Above it, Plex says that it may not cope.
const mostPlexChannels = 480

/** What is to be done in each player, with the very values of one viewer. */
export function setUpsFor(address: ViewerAddress, figures: SetUpFigures): PlayerSetUp[] {
  return [
    vlc(address),
    kodi(address),
    tiviMate(address),
    smarters(address),
    jellyfin(address, figures),
    plex(address, figures),
  ]
}

const vlc = ({ playlist }: ViewerAddress): PlayerSetUp => ({
  ...{ id: "vlc", name: "VLC" },
  steps: [
    { words: "Media › Open Network Stream… (on a Mac: File › Open Network…)." },
    { words: "Enter this, then Play.", values: [{ label: "Network URL", value: playlist }] },
    { words: "View › Playlist lists the channels." },
  ],
  notes: ["VLC shows no guide, and has the channels as they were when it opened the address."],
})

const kodi = ({ playlist, guide }: ViewerAddress): PlayerSetUp => ({
  ...{ id: "kodi", name: "Kodi" },
  steps: [
    { words: "Add-ons › Install from repository › PVR clients › PVR IPTV Simple Client › Install." },
    { words: "Configure; from Kodi 20 on, then Add add-on configuration, with any name." },
    {
      words: "General: Location is Remote path (Internet address).",
      values: [{ label: "M3U playlist URL", value: playlist }],
    },
    {
      words: "EPG: Location is Remote path (Internet address).",
      values: [{ label: "XMLTV URL", value: guide }],
    },
    { words: "OK, and start Kodi again: the channels are at TV." },
  ],
  notes: ["To watch what is past, or to rewind, Kodi needs the add-on inputstream.ffmpegdirect too."],
})

const tiviMate = ({ xtream }: ViewerAddress): PlayerSetUp => ({
  ...{ id: "tivimate", name: "TiviMate" },
  steps: [
    { words: "Add playlist › Xtream Codes." },
    {
      words: "Enter these, then Next.",
      values: [
        { label: "Server address", value: xtream.server },
        { label: "Username", value: xtream.username },
        { label: "Password", value: xtream.password },
      ],
    },
    { words: "Give it a name, then Done. Guide, movies and series come with the login." },
  ],
  notes: ["A second playlist needs TiviMate Premium; one is enough here, as it has all sources."],
})

const smarters = ({ xtream }: ViewerAddress): PlayerSetUp => ({
  ...{ id: "smarters", name: "IPTV Smarters" },
  steps: [
    { words: "Add user › Login with Xtream Codes API." },
    {
      words: "Enter these, then Add user.",
      values: [
        { label: "Any name", value: "Tributary" },
        { label: "Username", value: xtream.username },
        { label: "Password", value: xtream.password },
        { label: "URL", value: xtream.server },
      ],
    },
  ],
  notes: ["Guide, movies and series come with the login."],
})

const jellyfin = ({ playlist, guide, hdhr }: ViewerAddress, { maxStreams }: SetUpFigures): PlayerSetUp => ({
  ...{ id: "jellyfin", name: "Jellyfin" },
  steps: [
    {
      words: "Dashboard › Live TV › Tuner Devices › +. Tuner type: M3U Tuner.",
      values: [
        { label: "File or URL", value: playlist },
        { label: "Simultaneous stream limit", value: String(maxStreams ?? 0) },
      ],
    },
    {
      words: "Save. Then TV Guide Data Providers › + › XMLTV.",
      values: [{ label: "File or URL of the guide", value: guide }],
    },
    { words: "Save. The channels are at Live TV when its task Refresh Guide has run." },
    {
      words: "Or, in place of the M3U tuner, one of the type HDHomeRun; the guide stays the same.",
      values: [{ label: "Tuner address", value: hdhr }],
    },
  ],
  notes: [
    "Jellyfin plays for all its users as this one viewer, so the viewer's limit holds for them together.",
  ],
})

const plex = ({ hdhr, guide }: ViewerAddress, { channels }: SetUpFigures): PlayerSetUp => ({
  ...{ id: "plex", name: "Plex" },
  steps: [
    { words: "Settings › Manage › Live TV & DVR › Set up a tuner." },
    {
      words: "It finds no device by itself on most networks: choose to enter the network address manually.",
      values: [{ label: "Network address of the device", value: hdhr }],
    },
    {
      words: "Continue, then choose to use an XMLTV guide in place of a postal code.",
      values: [{ label: "XMLTV guide", value: guide }],
    },
    { words: "Continue: check which guide belongs to which channel, and finish." },
  ],
  notes: [
    "Live TV in Plex needs a Plex Pass.",
    plexChannels(channels),
    "Plex plays for all its users as this one viewer, so the viewer's limit holds for them together.",
  ],
})

function plexChannels(channels: number | null): string {
  const advice = "make a viewer for Plex who may watch only some groups"
  return channels !== null && channels > mostPlexChannels
    ? `Plex warns above ${mostPlexChannels} channels, and you have ${count(channels)}: ${advice}.`
    : `Plex warns above ${mostPlexChannels} channels: should you have more, ${advice}.`
}
