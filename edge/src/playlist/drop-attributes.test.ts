import { describe, expect, it } from "vitest"
import { entry } from "../test-support/catalogue.ts"
import { collectBytes, streamOf } from "../test-support/streams.ts"
import { dropAttributes } from "./drop-attributes.ts"

describe("dropAttributes", () => {
  it("leaves names and addresses, wherever the template is cut", async () => {
    const news = { id: "101", name: "Näws, 24", ownLogo: true, catchupDays: 1 }
    const movie = { id: "201", name: "Movie", kind: "movie" } as const
    const bytes = new TextEncoder().encode(entry(news) + entry(movie))
    const expected =
      "#EXTINF:-1\u000e,Näws, 24\u000f\n\u0001101\u0002\n#EXTINF:-1\u000e,Movie\n\u0004201.mkv\n"
    for (let cut = 0; cut <= bytes.length; cut++) {
      const chunks = streamOf([bytes.subarray(0, cut), bytes.subarray(cut)])
      expect(new TextDecoder().decode(await collectBytes(dropAttributes(chunks)))).toBe(expected)
    }
  })
})
