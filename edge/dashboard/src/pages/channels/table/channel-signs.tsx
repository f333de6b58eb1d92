import type { EffectiveRow } from "../effective-row.ts"
import styles from "./channel-table.module.css"

/** In words what is not as usual with a channel. */
export function ChannelSigns({ channel }: { channel: EffectiveRow }) {
  const signs = [
    channel.hidden && "Hidden",
    channel.alwaysOn && "Always on",
    channel.pending ? "Pending" : channel.edited && "Edited",
  ].filter((sign) => sign !== false)
  return (
    <div className={styles.signs}>
      {signs.map((sign) => (
        <span key={sign} className={styles.sign}>
          {sign}
        </span>
      ))}
    </div>
  )
}
