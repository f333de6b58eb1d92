import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ImportError } from "../import-error.ts"

/**
 * A temporary file that is read back from where one likes. It has no name from the start, so that nothing stays
 * behind when its thread is ended. Calls block, for what uses it runs in the importer's thread and the file is in
 * the system's cache as a rule.
 */
export class Spool {
  #length = 0
  readonly #file: number

  /** Throws an ImportError when the folder for temporary files cannot be written. */
  constructor(folder = tmpdir()) {
    const own = attempt(() => mkdtempSync(join(folder, "tributary-guide-")))
    try {
      this.#file = attempt(() => openSync(join(own, "spool"), "w+", 0o600))
    } finally {
      rmSync(own, { recursive: true, force: true })
    }
  }

  get length(): number {
    return this.#length
  }

  /** Appends bytes and gives the place where they begin. */
  append(bytes: Buffer): number {
    const start = this.#length
    for (let at = 0; at < bytes.length; )
      at += attempt(() => writeSync(this.#file, bytes, at, bytes.length - at, start + at))
    this.#length += bytes.length
    return start
  }

  /** Fills `into` from `at` on with the bytes at `position`. */
  read(into: Buffer, at: number, length: number, position: number): void {
    for (let done = 0; done < length; ) {
      const read = readSync(this.#file, into, at + done, length - done, position + done)
      if (read === 0) throw new ImportError("interrupted", "a temporary file of the streamer was cut off")
      done += read
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** A full or read-only disk is the operator's to mend, who is told so. */
function attempt<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    throw new ImportError("interrupted", `the streamer cannot write its folder for temporary files (${code})`)
  }
}
