import { primaryProfileId } from "@tributary/shared/config/config-file"
import { settingsSchema } from "@tributary/shared/config/settings"
import { expect, it } from "vitest"
import { startListServer } from "./importer-fixture.ts"
import { type Job, runJob } from "./job.ts"

/** An import of this list with this filter; nobody is there who would store it. */
async function importOf(list: string, include: string, silenceMilliseconds: number) {
  const server = await startListServer((request, response) => {
    // It is the edge too, which has nothing stored.
    if (request.url !== "/list.m3u") response.statusCode = 404
    response.end(list)
  })
  const job: Job = {
    ...{ kind: "source", id: "a", settings: settingsSchema.parse({}), acceptShrunken: false },
    source: {
      record: {
        ...{ id: "a", type: "m3u", order: 1, enabled: true, live: true, vod: true, series: true, include },
        ...{ origin: "api", sealed: "" },
        profiles: [
          {
            ...{ id: primaryProfileId, name: "Primary", primary: true, maxStreams: null, priority: 0 },
            ...{ enabled: true, hasLogin: false, ownServer: false },
          },
        ],
      },
      secret: { url: `${server.url}/list.m3u`, logins: {} },
    },
  }
  try {
    return await runJob(job, {
      edge: { url: server.url, secret: "a secret of an installation, long enough" },
      mayWrite: async () => true,
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...{ now: Date.now(), silenceMilliseconds },
    })
  } finally {
    await server.close()
  }
}

it("ends an import that stands still in a filter, and says what may be to blame", {
  timeout: 30_000,
}, async () => {
  const name = `${"a".repeat(60)}!`
  const list = `#EXTM3U\n#EXTINF:-1,${name}\nhttp://feeds.test/1\n`
  const result = await importOf(list, "^(a+)+$", 6_000)
  expect(result).toMatchObject({ kind: "failed", code: "interrupted" })
  expect("message" in result && result.message).toMatch(/stood still for 6 s.*include or exclude/)
})
