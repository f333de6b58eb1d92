/** A streamer renews this often; Redis sees one call each time, whatever it holds. */
export const beatMilliseconds = 5_000

/**
 * A lease that is not renewed frees its slot after this long: a streamer that dies is forgotten within it,
 * and so is a redirect that no player followed. Three beats, so that one lost call harms nobody.
 */
export const leaseMilliseconds = 15_000

/** A streamer not heard of for this long gets no viewers. */
export const streamerDeadMilliseconds = 15_000

/** Two requests of one viewer for one channel from one address within this time are one session. */
export const probeMilliseconds = 10_000

/** A player whose stream was taken over does not get it back by asking again from elsewhere within this time. */
export const comeBackMilliseconds = 30_000

/** After the store was away, every streamer has had a heartbeat within this time. */
export const recoverMilliseconds = beatMilliseconds + 1_000

/** A feed that keeps failing is blocked for this long at first, then for twice as long each time. */
export const firstBlockMilliseconds = 30_000
export const longestBlockMilliseconds = 30 * 60_000

/** Failures of a feed are forgotten when it was not tried for this long. */
export const forgetFailuresMilliseconds = 60 * 60_000
