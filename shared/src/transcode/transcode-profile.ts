/** How the picture is made. */
export type VideoRecipe =
  | { codec: "copy" }
  | {
      codec: "h264" | "hevc"
      /** Pixels; the picture's own shape is kept, and it is never made larger. Null: as it comes. */
      height: number | null
      /** Bit/s. */
      bitrate: number | null
      /** Per second; null: as it comes. */
      frameRate: number | null
    }

/** How the sound is made. */
export type AudioRecipe =
  | { codec: "copy" }
  | {
      codec: "aac" | "ac3" | "mp2" | "mp3"
      /** Bit/s. */
      bitrate: number | null
      /** Null: as it comes. */
      channels: number | null
    }

/** What one ffmpeg is to make of a live stream. */
export type Recipe =
  /** Null: there is none in what comes out. */
  | { kind: "structured"; video: VideoRecipe | null; audio: AudioRecipe | null }
  /** ffmpeg's own output options, one per word; they have been checked (`check-arguments.ts`). */
  | { kind: "arguments"; words: string[] }

/** A named recipe, or several of them that players choose from (HLS only). */
export type TranscodeProfile = {
  id: string
  name: string
  /** What an address without an extension gives. */
  output: "mpegts" | "hls"
} & ({ recipe: Recipe } | { /** Ids of transcode profiles. */ variants: string[] })
