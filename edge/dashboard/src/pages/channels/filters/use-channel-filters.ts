import { useCallback, useMemo } from "react"
import { useSearchParams } from "react-router"
import { type ChannelFilters, filtersOf, withFilters } from "./channel-filters.ts"

/** The filters are in the page's address, so that a link or a reload keeps them. */
export function useChannelFilters(): [ChannelFilters, (change: Partial<ChannelFilters>) => void] {
  const [parameters, setParameters] = useSearchParams()
  // What else the address says, like the channel that is open, asks for no other rows.
  const key = withFilters(new URLSearchParams(), filtersOf(parameters)).toString()
  const filters = useMemo(() => filtersOf(new URLSearchParams(key)), [key])
  const change = useCallback(
    (changed: Partial<ChannelFilters>) =>
      setParameters((before) => withFilters(before, { ...filtersOf(before), ...changed }), { replace: true }),
    [setParameters],
  )
  return [filters, change]
}
