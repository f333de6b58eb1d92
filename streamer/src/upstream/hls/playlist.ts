/** A part of a resource, in bytes. */
export interface ByteSpan {
  offset: number
  length: number
}

export type SegmentKey =
  | { method: "none" }
  | { method: "aes-128"; url: string; iv: Buffer | null }
  | { method: "unsupported" }

/** What has to come before segments that are not MPEG-TS (EXT-X-MAP). */
export interface InitSection {
  url: string
  span: ByteSpan | null
}

export interface Segment {
  /** Media sequence number: what a segment is known by, whatever its address is this time. */
  sequence: number
  /** Absolute. */
  url: string
  seconds: number
  span: ByteSpan | null
  key: SegmentKey
  init: InitSection | null
  /** EXT-X-DISCONTINUITY stands before it. */
  isDiscontinuous: boolean
  /** There is nothing to load (EXT-X-GAP). */
  isGap: boolean
}

export interface MediaPlaylist {
  kind: "media"
  targetSeconds: number
  /** In the order of their numbers, without gaps. */
  segments: Segment[]
  /** It says of itself which number its first segment has (EXT-X-MEDIA-SEQUENCE). */
  isNumbered: boolean
  /** Nothing will be added. */
  isComplete: boolean
}

export interface Variant {
  /** Absolute. */
  url: string
  bitsPerSecond: number
  hasVideo: boolean
  /** Absolute, where its sound is in a playlist of its own. */
  soundUrl: string | null
}

export interface MasterPlaylist {
  kind: "master"
  variants: Variant[]
}
