import type * as z from "zod"

/** An issue for each item whose `key` an earlier one has, at the place that `pathOf` gives for its index. */
export function refuseDuplicates<Key extends string>(
  items: readonly Record<Key, string>[] | undefined,
  key: Key,
  pathOf: (index: number) => (string | number)[],
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>()
  items?.forEach((item, index) => {
    if (seen.has(item[key]))
      context.addIssue({ code: "custom", path: pathOf(index), message: `"${item[key]}" is a duplicate` })
    seen.add(item[key])
  })
}
