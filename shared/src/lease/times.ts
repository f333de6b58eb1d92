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
