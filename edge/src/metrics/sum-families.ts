import type { Family, Sample } from "./exposition.ts"

// What says nothing of a whole cluster.
const perProcess = /^(?:process_start_time_seconds|process_max_fds|nodejs_version_info)$/
// Times that do not add up: the worst streamer's is shown.
const worst = /^(?:nodejs_eventloop_lag_\w+|tributary_heartbeat_age_seconds)$/

/**
 * What several streamers say, as if it were one: counters, gauges and buckets with equal labels are added up. A
 * metric that streamers of different versions type differently is the first one's.
 */
export function sumFamilies(streamers: Iterable<readonly Family[]>): Family[] {
  const sums = new Map<string, { family: Family; samples: Map<string, Sample> }>()
  for (const families of streamers)
    for (const family of families) {
      if (perProcess.test(family.name) || family.type === "summary") continue
      const sum = sums.get(family.name) ?? { family, samples: new Map<string, Sample>() }
      sums.set(family.name, sum)
      if (sum.family.type !== family.type) continue
      for (const sample of family.samples) add(sum.samples, sample, worst.test(family.name))
    }
  return [...sums.values()].map(({ family, samples }) => ({ ...family, samples: [...samples.values()] }))
}

function add(samples: Map<string, Sample>, sample: Sample, isWorst: boolean): void {
  // Of no events there is no mean.
  if (Number.isNaN(sample.value)) return
  const key = `${sample.name}{${sample.labels}}`
  const known = samples.get(key)?.value
  const value =
    known === undefined ? sample.value : isWorst ? Math.max(known, sample.value) : known + sample.value
  samples.set(key, { ...sample, value })
}
