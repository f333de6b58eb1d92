import type { PoolProfileRow, ProfileRow } from "@tributary/shared/admin-api/sources"
import { describe, expect, it } from "vitest"
import { profileDetails } from "./profile-details.ts"

const profile: ProfileRow = {
  ...{ id: "backup", name: "Backup", primary: false, enabled: true, priority: 1, maxStreams: 2 },
  ...{ hasLogin: true, ownServer: true, username: "b•••", password: "••••", url: "http://b.example/…" },
  madeByApi: true,
}
const pool: PoolProfileRow = {
  ...{ id: "backup", name: "Backup", primary: false, active: 0, max: 2, enabled: true, priority: 1 },
  ...{
    elsewhere: 0,
    available: 2,
    reason: null,
    status: "wrong_password",
    expiresAt: null,
    reportedAt: 1_000,
  },
}

describe("a profile", () => {
  it("tells its login, limit, server and last check", () => {
    expect(profileDetails(profile, pool, 61_000)).toEqual([
      ...["Login b•••", "Our limit 2", "Own server http://b.example/…"],
      "Checked 1 min ago, wrong password",
    ])
  })

  it("without any of them says so in few words", () => {
    const bare = { ...profile, hasLogin: false, username: null, maxStreams: null, ownServer: false }
    expect(profileDetails(bare, { ...pool, reportedAt: null, status: null }, 0)).toEqual([
      ...["No login", "Not checked yet"],
    ])
    expect(profileDetails(bare, undefined, 0)).toEqual(["No login"])
  })

  it("that is the primary has the source's server", () => {
    expect(profileDetails({ ...profile, primary: true }, undefined, 0)).toEqual(["Login b•••", "Our limit 2"])
  })
})
