import type { CatchupRequest } from "./catchup-log.ts"
import type { ConnectionReport } from "./connection-ledger.ts"
import { type Fault, type FaultInput, faultSchema, replacesAnswer } from "./faults.ts"
import type { ProviderState } from "./provider-state.ts"
import {
  type Account,
  type AccountChange,
  accountSchema,
  changed,
  type Settings,
  type SettingsChange,
} from "./settings.ts"

/** What can be seen and switched while the provider runs: in-process, and by `/control/`. */
export type Control = {
  connections: () => ConnectionReport
  resetPeak: () => void
  faults: () => Record<string, Fault[]>
  /** Replaces the faults of a target: a channel's or movie's id, `*`, `api`, `m3u` or `xmltv`. */
  setFault: (target: string | number, ...faults: FaultInput[]) => void
  /** Without a target: all of them. A stream that was stalled by one goes on. */
  clearFaults: (target?: string | number) => void
  account: (username: string) => (Account & { activeConnections: number }) | null
  /** Makes the account when there is none; a new one needs a password. Throws a ZodError. */
  setAccount: (username: string, change: AccountChange) => Account
  /** How often each segment and key of HLS was sent: `1/full/41.ts`, `1/full/4.key`. */
  hlsRequests: () => Record<string, number>
  resetHlsRequests: () => void
  /** What of the past was asked for, as the panel understood it, the latest last. */
  catchupRequests: () => CatchupRequest[]
  resetCatchupRequests: () => void
  settings: () => Settings
  setSettings: (change: SettingsChange) => Settings
}

export function createControl(state: ProviderState): Control {
  const control: Control = {
    connections() {
      state.sessions.sweep()
      return state.ledger.report()
    },
    resetPeak() {
      state.sessions.sweep()
      state.ledger.resetPeak()
    },
    faults: () => state.faults.list(),
    setFault(target, ...inputs) {
      const faults = inputs.map((input) => faultSchema.parse(input))
      control.clearFaults(target)
      state.faults.set(String(target), faults)
      for (const live of state.live) {
        if (target !== "*" && live.connection.channel !== String(target)) continue
        const fault = faults.find(
          ({ running, account }) => running && (account === undefined || account === live.connection.account),
        )
        if (fault && !replacesAnswer(fault)) live.setFault(fault)
      }
    },
    clearFaults(target) {
      state.faults.clear(target === undefined ? undefined : String(target))
      for (const live of state.live)
        if (target === undefined || target === "*" || live.connection.channel === String(target))
          live.setFault(null)
    },
    account(username) {
      const account = state.accounts.get(username)
      state.sessions.sweep()
      return account ? { ...account, activeConnections: state.ledger.held(username) } : null
    },
    setAccount(username, change) {
      const before = state.accounts.get(username)
      const account = before ? changed(before, change) : accountSchema.parse({ ...change, username })
      state.accounts.set(username, account)
      return account
    },
    hlsRequests: () => state.hlsTally.report(),
    resetHlsRequests: () => state.hlsTally.reset(),
    catchupRequests: () => state.catchup.list(),
    resetCatchupRequests: () => state.catchup.reset(),
    settings: () => ({ ...state.settings }),
    setSettings(change) {
      state.settings = changed(state.settings, change)
      return { ...state.settings }
    },
  }
  return control
}
