import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { count } from "../../../parts/figures.ts"
import { tellDone, tellFailed } from "../../../parts/tell.ts"
import { type EditedChannel, noteEdits, patchChannels } from "../edit-channel.ts"
import type { BulkStep } from "./bulk-change.ts"

export interface BulkChange {
  /** Channels that are changed by now, of so many; null: nothing is on its way. */
  progress: { done: number; of: number } | null
  /** `done` is what is said when all of it was done; without steps there was nothing to change. */
  run: (steps: readonly BulkStep[], done: string) => void
}

/** Changes many channels, step by step; the first step that fails is the last, and what was done stays done. */
export function useBulkChange(noteEdited: (edited: readonly EditedChannel[]) => void): BulkChange {
  const client = useQueryClient()
  const [progress, setProgress] = useState<BulkChange["progress"]>(null)
  const { mutate } = useMutation({
    mutationFn: async ({ steps }: { steps: readonly BulkStep[]; done: string }) => {
      const of = steps.reduce((sum, { ids }) => sum + ids.length, 0)
      let done = 0
      setProgress({ done, of })
      try {
        for (const step of steps) {
          const { channels } = await patchChannels(step)
          noteEdits(client, channels)
          noteEdited(channels)
          done += step.ids.length
          setProgress({ done, of })
        }
      } catch (error) {
        if (done > 0) tellDone(`${count(done)} of ${count(of)} channels were changed before it failed.`)
        throw error
      }
      return of
    },
    onSuccess: (of, { done }) => tellDone(of === 0 ? "Nothing had to be changed." : done),
    onError: (error) => tellFailed("Not all channels were changed", error),
    onSettled: () => setProgress(null),
  })
  return { progress, run: (steps, done) => mutate({ steps, done }) }
}
