import { type FfmpegEnd, FfmpegProcess } from "./ffmpeg-process.ts"
import { type RemuxInput, remuxArguments } from "./remux-arguments.ts"
import { type SpawnFfmpeg, spawnFfmpeg } from "./spawn-ffmpeg.ts"

export { spawnFfmpeg } from "./spawn-ffmpeg.ts"
export type RemuxEnd = FfmpegEnd
export type SpawnRemux = SpawnFfmpeg

/** One ffmpeg that puts something else into MPEG-TS. */
export class Remuxer {
  readonly #process: FfmpegProcess

  constructor(
    inputs: readonly RemuxInput[],
    onChunk: (chunk: Buffer) => void,
    start: SpawnRemux = spawnFfmpeg,
  ) {
    this.#process = new FfmpegProcess(start(remuxArguments(inputs)), inputs.length > 1 ? 2 : 1, onChunk)
  }

  /** Resolves when it is gone, whatever ended it. */
  get gone(): Promise<RemuxEnd> {
    return this.#process.gone
  }

  write(chunk: Buffer, input = 0): void {
    const pipe = this.#process.input(input)
    if (pipe.writable) pipe.write(chunk)
  }

  /** Resolves when it has taken what was written, or is gone. */
  async flushed(input = 0): Promise<void> {
    const pipe = this.#process.input(input)
    if (!pipe.writable || !pipe.writableNeedDrain) return
    await Promise.race([this.gone, new Promise((resolve) => pipe.once("drain", resolve))])
  }

  /** Lets it write what it has, when this is its only input; resolves when it is gone. */
  async end(input = 0): Promise<RemuxEnd> {
    this.#process.input(input).end()
    return await this.gone
  }

  /** Kills it with all that it started; resolves when it is gone. */
  stop(): Promise<RemuxEnd> {
    return this.#process.stop()
  }
}
