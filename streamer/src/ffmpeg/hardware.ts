/** Encoders outside the processor, as ffmpeg names them. */
export type HardwareKind = "nvenc" | "vaapi" | "qsv"

/** An encoder that a trial has shown to work. */
export interface Hardware {
  kind: HardwareKind
  /** The render node; null where it needs none named. */
  device: string | null
  /** What it encodes. */
  codecs: readonly ("h264" | "hevc")[]
}

/** What has to be said before the input. */
export function hardwareSetup({ kind, device }: Hardware): string[] {
  if (kind === "vaapi" && device !== null) return ["-vaapi_device", device]
  if (kind === "qsv") return ["-init_hw_device", "qsv=hw", "-filter_hw_device", "hw"]
  return []
}

/** How pictures get to the encoder, at the end of the filters. */
export const uploadFilters: Readonly<Record<HardwareKind, readonly string[]>> = {
  nvenc: ["format=yuv420p"],
  vaapi: ["format=nv12", "hwupload"],
  qsv: ["format=nv12"],
}

/** The options that make its encoder one for live streams: nothing waits, forced keyframes are ones to join at. */
export const liveOptions: Readonly<Record<HardwareKind, readonly string[]>> = {
  nvenc: ["-preset", "p4", "-tune", "ll", "-bf", "0", "-forced-idr", "1"],
  vaapi: ["-bf", "0"],
  qsv: ["-preset", "veryfast", "-async_depth", "1", "-bf", "0", "-forced_idr", "1"],
}
