import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { setStore } from "../../test-support/store.ts"
import { addPanelAndList, askMasked } from "./profiles-fixture.ts"

beforeEach(async () => {
  await startAfresh()
  await addPanelAndList()
})

const acme = {
  ...{ id: "acme", name: "Acme", type: "xtream", url: "http://panel.example:8000/…", origin: "file" },
  ...{ enabled: true, order: 2, live: true, vod: false, series: true, epgUrl: "https://guide.example/…" },
  ...{ include: "sport", exclude: "adult", maxStreams: 2, username: "p•••", password: "••••" },
  ...{ userAgent: null, headers: { Cookie: "••••" } },
  profiles: [
    {
      ...{ id: "primary", name: "Primary", primary: true, enabled: true, priority: 0, maxStreams: 2 },
      ...{ username: "p•••", password: "••••", url: "http://panel.example:8000/…" },
      ...{ hasLogin: true, ownServer: false, madeByApi: false },
    },
    {
      ...{ id: "b", name: "Backup", primary: false, enabled: false, priority: 3, maxStreams: 1 },
      ...{ username: "b•••", password: "••••", url: "http://backup.example/…" },
      ...{ hasLogin: true, ownServer: true, madeByApi: false },
    },
  ],
}

describe("GET /api/sources", () => {
  it("lists the sources in their order, with their profiles", async () => {
    const { status, body } = await askMasked<SourceRow[]>("/sources")
    expect(status).toBe(200)
    expect(body.map(({ id }) => id)).toEqual(["list", "acme", "open"])
    expect(body[1]).toEqual(acme)
    expect(body[0]).toMatchObject({
      ...{ name: null, url: "https://list.example/…", epgUrl: null, include: null, exclude: null },
      ...{ username: "•••", password: "••••", headers: null },
      profiles: [{ username: "•••", password: "••••", url: "https://list.example/…" }],
    })
    expect(body[2]).toMatchObject({
      ...{ enabled: false, maxStreams: null },
      profiles: [{ username: null, password: null, hasLogin: false, url: "https://open.example/…" }],
    })
  })

  it("is empty before there is any", async () => {
    await startAfresh()
    expect(await askMasked("/sources")).toEqual({ status: 200, body: [] })
  })

  it("says that the store is away", async () => {
    await setStore("refuse")
    for (const path of ["/sources", "/sources/acme"])
      expect(await askMasked(path)).toMatchObject({
        status: 503,
        body: { error: { code: "store_unavailable" } },
      })
  })
})

describe("GET /api/sources/{id}", () => {
  it("gives one of them", async () => {
    expect(await askMasked("/sources/acme")).toEqual({ status: 200, body: acme })
  })

  it.each(["none", "constructor"])("says that there is no source %s", async (id) => {
    expect(await askMasked(`/sources/${id}`)).toEqual({
      status: 404,
      body: { error: { code: "unknown_source", message: `There is no source "${id}".` } },
    })
  })
})
