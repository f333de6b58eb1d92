import { afterAll, beforeAll, beforeEach } from "vitest"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"

/** What the tests of a file share, from their start on. */
export let store: TestStore
export let world: TestWorld

/** Opens a store for all tests of a file; each begins with an empty one, a public playlist and one streamer. */
export function useTestWorld(): void {
  beforeAll(async () => {
    store = await openTestStore()
    world = new TestWorld(store)
  })
  afterAll(() => store.close())
  beforeEach(() => world.reset())
}
