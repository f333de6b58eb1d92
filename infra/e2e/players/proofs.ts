import { chromiumHls } from "./chromium-hls.ts"
import { chromiumMpegts } from "./chromium-mpegts.ts"
import { ffmpeg } from "./ffmpeg.ts"
import { kodi } from "./kodi.ts"
import { mpv } from "./mpv.ts"
import type { Proof } from "./proof.ts"
import { streamlink } from "./streamlink.ts"
import { vlc } from "./vlc.ts"
import { xmllint } from "./xmllint.ts"

/** In the order in which they run. */
export const proofs = (screenshot: string | null): readonly Proof[] => [
  xmllint,
  ffmpeg,
  streamlink,
  vlc,
  mpv,
  chromiumHls,
  chromiumMpegts,
  kodi(screenshot),
]
