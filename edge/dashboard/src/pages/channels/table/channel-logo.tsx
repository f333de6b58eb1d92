import { useState } from "react"

/** A channel's logo; nothing in its place when it does not come. */
export function ChannelLogo({ address, className }: { address: string; className: string | undefined }) {
  const [failed, setFailed] = useState("")
  if (address === "" || address === failed) return null
  return (
    <img
      src={address}
      alt=""
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      className={className}
      onError={() => setFailed(address)}
    />
  )
}
