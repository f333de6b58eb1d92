import { env } from "cloudflare:workers"
import { vi } from "vitest"

/** Has the bucket list so few keys in one call, where it would list 1,000. */
export function listInPagesOf(limit: number): void {
  const { SNAPSHOTS: bucket } = env
  const list = bucket.list.bind(bucket)
  vi.spyOn(bucket, "list").mockImplementation((options) => list({ ...options, limit }))
}
