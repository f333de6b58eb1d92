import { onTestFinished } from "vitest"
import { openPlayer, type Player } from "./play.ts"

/** A player that has a picture, and is gone when its test ends. */
export async function playing(url: string): Promise<Player> {
  const player = openPlayer(url)
  onTestFinished(async () => void (await player.close()))
  await player.waitFor(({ keyframes }) => keyframes > 0, 15_000)
  return player
}
