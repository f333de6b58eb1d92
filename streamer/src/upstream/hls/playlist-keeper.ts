import { gunzipSync } from "node:zlib"
import type { Settings } from "@tributary/shared/config/settings"
import type { HttpSession } from "../http/http-session.ts"
import type { UpstreamFailure } from "../upstream.ts"
import { rankVariants } from "./choose-variant.ts"
import type { MasterPlaylist, MediaPlaylist, Variant } from "./playlist.ts"
import { readPlaylist } from "./read-playlist.ts"
import { renumber } from "./renumber.ts"

/** A playlist as it came: its text, and where from. */
export interface PlaylistBody {
  bytes: Buffer
  url: string
}

/** "switched": it is of another variant than the one before, so that nothing continues. */
export type PlaylistResult =
  | { ok: true; playlist: MediaPlaylist; switched: boolean }
  | { ok: false; failure: UpstreamFailure }

const mostUnpackedBytes = 16 * 1024 * 1024
const notAStream: UpstreamFailure = { code: "not_video", what: "hls" }

/** Knows which media playlist is played, and where to get it when its address does not work any more. */
export class PlaylistKeeper {
  readonly #session: HttpSession
  readonly #url: string
  readonly #wanted: Settings["hlsVariant"]
  /** Null when the address is that of a media playlist. */
  #variant: Variant | null = null
  /** Bandwidths of variants whose segments could not be had; addresses may change with each master playlist. */
  readonly #bad = new Set<number>()
  #last: MediaPlaylist | null = null

  constructor(session: HttpSession, url: string, wanted: Settings["hlsVariant"]) {
    this.#session = session
    this.#url = url
    this.#wanted = wanted
  }

  /** The playlist of the sound, where that is apart. */
  get soundUrl(): string | null {
    return this.#variant?.soundUrl ?? null
  }

  /** From the answer that the address gave already. */
  async start(body: PlaylistBody): Promise<PlaylistResult> {
    const playlist = parsed(body)
    if (playlist === null) return { ok: false, failure: notAStream }
    return playlist.kind === "media" ? this.#keep(playlist, null) : await this.#loadVariant(playlist)
  }

  /** Now; a variant that fails is looked for anew in the master playlist, which may name it by another address. */
  async load(): Promise<PlaylistResult> {
    if (this.#variant === null) {
      const loaded = await this.#fetch(this.#url)
      if (!loaded.ok) return loaded
      const { playlist } = loaded
      return playlist.kind === "media" ? this.#keep(playlist, null) : await this.#loadVariant(playlist)
    }
    const loaded = await this.#fetch(this.#variant.url)
    if (loaded.ok && loaded.playlist.kind === "media") return this.#keep(loaded.playlist, this.#variant)
    return await this.#reopen(loaded.ok ? notAStream : loaded.failure)
  }

  /** The segments of the variant that is played cannot be had: another one; null when there is none. */
  async giveUpVariant(): Promise<Extract<PlaylistResult, { ok: true }> | null> {
    const given = this.#variant
    if (given === null) return null
    this.#bad.add(given.bitsPerSecond)
    const result = await this.#reopen(notAStream)
    return result.ok && result.switched ? result : null
  }

  async #reopen(cause: UpstreamFailure): Promise<PlaylistResult> {
    if (cause.code === "aborted") return { ok: false, failure: cause }
    const loaded = await this.#fetch(this.#url)
    if (!loaded.ok) return loaded
    const { playlist } = loaded
    return playlist.kind === "media" ? this.#keep(playlist, null) : await this.#loadVariant(playlist)
  }

  /** The best variant that can be loaded. */
  async #loadVariant({ variants }: MasterPlaylist): Promise<PlaylistResult> {
    const hasSoundApart = this.#variant && this.#variant.soundUrl !== null
    const ranked = rankVariants(variants, this.#wanted).filter(
      // What is played one way cannot go on the other way.
      ({ soundUrl }) => hasSoundApart === null || (soundUrl !== null) === hasSoundApart,
    )
    const isGood = ({ bitsPerSecond }: Variant) => !this.#bad.has(bitsPerSecond)
    let failure: UpstreamFailure = notAStream
    for (const variant of [...ranked.filter(isGood), ...ranked.filter((each) => !isGood(each))]) {
      const loaded = await this.#fetch(variant.url)
      if (loaded.ok && loaded.playlist.kind === "media") return this.#keep(loaded.playlist, variant)
      failure = loaded.ok ? notAStream : loaded.failure
      // From a server that does not answer, others would not come either.
      if (failure.code === "aborted" || failure.code === "timeout") break
    }
    return { ok: false, failure }
  }

  #keep(read: MediaPlaylist, variant: Variant | null): PlaylistResult {
    const switched = this.#last !== null && this.#variant?.bitsPerSecond !== variant?.bitsPerSecond
    const playlist = renumber(read, switched ? null : this.#last)
    if (playlist.segments.length > 0) this.#last = playlist
    this.#variant = variant
    return { ok: true, playlist, switched }
  }

  async #fetch(
    url: string,
  ): Promise<
    { ok: true; playlist: MasterPlaylist | MediaPlaylist } | { ok: false; failure: UpstreamFailure }
  > {
    let result = await this.#session.get({ url })
    // A connection that was kept open may have been closed by the server in this moment.
    if (!result.ok && result.failure.code === "reset") result = await this.#session.get({ url })
    if (!result.ok) return result
    const read = await result.answer.body.all()
    if (!read.ok) return read
    const playlist = parsed({ bytes: read.kind, url: result.answer.url })
    return playlist === null ? { ok: false, failure: notAStream } : { ok: true, playlist }
  }
}

function parsed({ bytes, url }: PlaylistBody): MasterPlaylist | MediaPlaylist | null {
  try {
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
    const plain = isPacked ? gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes }) : bytes
    return readPlaylist(plain.toString("utf8"), url)
  } catch {
    return null
  }
}
