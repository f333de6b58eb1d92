import type { Carrier } from "./carriers.ts"

/** What follows from the number of tasks that are to take viewers. */
export interface Draining {
  /** Streamers that are to take nobody new. It never ends: who drains is not called back. */
  toDrain: string[]
  /** The service's desired count. */
  desired: number
}

/**
 * Who is to drain. Of the newest deployment's tasks those that are too many, the emptiest first. Their count is
 * lowered only by those on which nobody watches: ECS ends any task that is not protected. Of older deployments' tasks
 * all, as soon as there are enough new ones; until then as many as there are new ones.
 *
 * `wanted`: tasks that are to take viewers; `desired`: the service's desired count as it is.
 */
export function chooseDraining(
  carriers: readonly Carrier[],
  { wanted, desired }: { wanted: number; desired: number },
): Draining {
  const newest = carriers.filter(({ isNewest }) => isNewest)
  const away = newest.filter(isAway)
  const taking = takingViewers(carriers, desired)
  const tooMany = Math.max(0, taking - wanted)
  // Those that ECS has not started yet, or cannot, are given up first.
  const absent = Math.min(tooMany, Math.max(0, desired - newest.length))
  const others = emptiestFirst(newest.filter((carrier) => !isAway(carrier)))
  const given = others.slice(0, tooMany - absent)
  const gone = absent + given.filter(isEmpty).length + away.filter(isEmpty).length
  const ready = others.slice(given.length).filter(({ streamer }) => streamer !== null).length
  const old = emptiestFirst(carriers.filter(({ isNewest }) => !isNewest))
  const replaced = ready >= wanted ? old : old.slice(0, ready)
  const draining = [
    ...away,
    ...given.filter((carrier) => !isEmpty(carrier)),
    ...old.filter(isAway),
    ...replaced,
  ]
  return {
    toDrain: [...new Set(draining.flatMap(({ streamer }) => (streamer === null ? [] : [streamer])))],
    desired: taking < wanted ? wanted + away.length : desired - gone,
  }
}

/** Tasks that take viewers, or will when they have started, as far as the service's desired count has them. */
export function takingViewers(carriers: readonly Carrier[], desired: number): number {
  return Math.max(0, desired - carriers.filter((carrier) => carrier.isNewest && isAway(carrier)).length)
}

function isAway({ isDraining, isMarked }: Carrier): boolean {
  return isDraining || isMarked
}

/** Nobody watches there, so that its task is not protected; or it has not even started. */
function isEmpty({ viewers, films }: Carrier): boolean {
  return viewers === 0 && films === 0
}

function emptiestFirst(carriers: readonly Carrier[]): Carrier[] {
  const rank = ({ streamer, isMarked, films, viewers, streams }: Carrier) => [
    ...[streamer === null ? 0 : 1, isMarked ? 0 : 1, films, viewers, streams],
  ]
  return carriers.toSorted((a, b) => {
    const [ofA, ofB] = [rank(a), rank(b)]
    const at = ofA.findIndex((value, index) => value !== ofB[index])
    return at < 0 ? a.arn.localeCompare(b.arn) : (ofA[at] ?? 0) - (ofB[at] ?? 0)
  })
}
