/** Which lease: on which profile of which source, and for which live stream. */
export interface LeaseName {
  source: string
  profile: string
  /** Of the live stream: the channel, or `channel~owner`. */
  key: string
  lease: string
}

/** A lease as the sorted set of its source has it. */
export function memberOf({ profile, key, lease }: LeaseName): string {
  return `${profile}/${key}/${lease}`
}
