import type { ServerResponse } from "node:http"

/**
 * Breaks the connection off by a TCP reset, when what has been written is with the kernel: an answer's first bytes
 * are held back until the end of the turn.
 */
export function resetConnection(response: ServerResponse): void {
  setImmediate(() => response.socket?.resetAndDestroy())
}
