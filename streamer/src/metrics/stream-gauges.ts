import { Gauge, type Registry } from "prom-client"
import type { StreamCounts } from "./stream-counts.ts"

/** Gauges of what runs now; gives what sets them. */
export function streamGauges(registry: Registry): (counts: StreamCounts) => void {
  const registers = [registry]
  const connections = new Gauge({
    name: "iptv_proxy_active_connections",
    help: "Upstream connections to providers now, by source and provider profile.",
    labelNames: ["source", "profile"],
    registers,
  })
  const clients = new Gauge({
    name: "iptv_proxy_clients_connected",
    help: "Players that watch here now.",
    registers,
  })
  const leases = new Gauge({
    name: "tributary_leases_held",
    help: "Leases of live streams and playbacks, by source and provider profile.",
    labelNames: ["source", "profile"],
    registers,
  })
  const streams = new Gauge({
    name: "tributary_streams",
    help: "Live streams by state. failing: no feed gives bytes just now.",
    labelNames: ["state"],
    registers,
  })
  const relayed = new Gauge({
    name: "tributary_streams_relayed",
    help: "Live streams that come from another streamer.",
    registers,
  })
  const relays = new Gauge({
    name: "tributary_relays_connected",
    help: "Connections of other streamers that take a live stream from here.",
    registers,
  })
  const playbacks = new Gauge({
    name: "tributary_playbacks",
    help: "Movies, episodes and channels' past that are played by one viewer each, those included that nobody reads just now.",
    labelNames: ["kind"],
    registers,
  })
  return (counts) => {
    connections.reset()
    leases.reset()
    for (const { source, profile, ...count } of counts.profiles) {
      connections.set({ source, profile }, count.connections)
      leases.set({ source, profile }, count.leases)
    }
    for (const [state, count] of Object.entries(counts.states)) streams.set({ state }, count)
    for (const [kind, count] of Object.entries(counts.playbacks)) playbacks.set({ kind }, count)
    clients.set(counts.players)
    relayed.set(counts.relayed)
    relays.set(counts.relays)
  }
}
