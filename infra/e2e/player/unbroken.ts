import type { Player } from "./play.ts"

/** The stream never broke for its player: what a strict one complains of has not happened, whatever did behind it. */
export const unbroken = {
  ...{ status: 200, aligned: true, tablesFirst: true, startsOnKeyframe: true, ended: null },
  ...{ syncLosses: 0, ccErrors: 0, pcrJumps: 0, unannouncedPtsJumps: 0, unannouncedAudioPtsJumps: 0 },
  ...{ dtsBackwards: 0, orphanPackets: 0 },
}

/** Waits for so much more media; `patience` is in milliseconds. */
export function playsOn(player: Player, seconds: number, patience = 20_000) {
  const from = player.report().mediaSeconds
  return player.waitFor((report) => report.mediaSeconds > from + seconds, patience)
}
