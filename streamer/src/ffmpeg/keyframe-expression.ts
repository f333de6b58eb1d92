/** Keyframes lie so far apart, in seconds. */
export const keyframeSeconds = 2

/** Where the first picture that comes lies between the places for keyframes. In seconds. */
export interface KeyframePlan {
  /** Since the last of the places. */
  phase: number
  /** After the first picture: one more keyframe, with which the output of another run can be followed; null: none. */
  resume: number | null
}

// Pictures do not come to the microsecond.
const slackSeconds = 0.001

/** ffmpeg's expression for `-force_key_frames`; its `t` counts seconds from the first picture, which is one, too. */
export function keyframeExpression(plan: KeyframePlan | null): string {
  const { phase, resume } = plan ?? { phase: 0, resume: null }
  const place = (time: string) => `floor((${time}+${fixed(phase + slackSeconds)})/${keyframeSeconds})`
  const isPlace = `gt(${place("t")},${place("prev_forced_t")})`
  const at = resume === null ? null : fixed(resume - slackSeconds)
  const isResumed = at === null ? "" : `+gte(t,${at})*lt(prev_forced_t,${at})`
  return `if(isnan(prev_forced_t),1,${isPlace}${isResumed})`
}

const fixed = (seconds: number) => seconds.toFixed(6)
