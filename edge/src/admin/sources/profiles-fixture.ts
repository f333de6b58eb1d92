import { env } from "cloudflare:workers"
import { keys } from "@tributary/shared/store/keys"
import { readSource } from "@tributary/shared/store/source-record"
import {
  addSources,
  redis,
  type StreamerCall,
  secretKeys,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

/** Of every secret that the fixture's sources have, a part that stands in no answer. */
export const secrets = /s3cret|panel-user|backup-user|get\.php|guide-path|panel-path|userinfo/

/** An Xtream source with a profile of its file, and a list whose address holds its login. */
export async function addPanelAndList(): Promise<void> {
  await addSources(
    {
      ...{ id: "acme", name: "Acme", type: "xtream", order: 2, maxStreams: 2, vod: false },
      url: "http://userinfo:s3cret@panel.example:8000/panel-path",
      ...{ username: "panel-user", password: "s3cret-panel", include: "sport", exclude: "adult" },
      ...{ epgUrl: "https://guide.example/guide-path?token=s3cret", headers: { Cookie: "s3cret" } },
      profiles: [
        {
          ...{ id: "b", name: "Backup", url: "http://backup.example/panel-path?s3cret" },
          ...{
            username: "backup-user",
            password: "s3cret-backup",
            priority: 3,
            maxStreams: 1,
            enabled: false,
          },
        },
      ],
    },
    {
      ...{ id: "list", type: "m3u", order: 1, username: "ann", password: "s3cret-list" },
      url: "https://list.example/get.php?username=ann&password=s3cret-list",
    },
    { id: "open", type: "m3u", order: 3, url: "https://open.example/list.m3u", enabled: false },
  )
}

/** The source as it is stored, with its secrets. */
export async function storedSource(id = "acme") {
  return readSource(secretKeys, (await redis.hget<string>(keys.sources, id)) ?? "")
}

export async function storedProfile(id: string, source = "acme") {
  const { record, secret } = await storedSource(source)
  const profile = record.profiles.find((one) => one.id === id)
  return profile === undefined ? undefined : { ...profile, login: secret.logins[id] }
}

/** All that is stored, but for the list of who changed what, which has all that was asked for and done. */
export async function storedBesideAudit(): Promise<Record<string, string>> {
  const { [keys.audit]: _, ...others } = await storeContents()
  return others
}

/** Asks the admin API; fails when the answer holds any secret. */
export async function askMasked<Body = Record<string, unknown>>(
  path: string,
  method = "GET",
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await askAsAdmin(path, method, body)
  const text = await response.text()
  const found = secrets.exec(text)
  if (found !== null) throw new Error(`the answer to ${method} ${path} holds "${found[0]}": ${text}`)
  return { status: response.status, body: JSON.parse(text) as Body }
}

/** What streamers say of profiles that are tested; null: they never answer. */
export async function setProfileCheck(check: unknown): Promise<void> {
  const text = typeof check === "string" ? check : JSON.stringify(check)
  const answer = await fetch(`${env.CONTROL_URL}/profile-check`, {
    method: "PUT",
    body: check === null ? "" : text,
  })
  await answer.body?.cancel()
}

/** What streamers were asked to test, and with which authorization. */
export async function profileQuestions() {
  const calls = (await streamerCalls()) as (StreamerCall & { body: string })[]
  return calls.map(({ method, path, authorization, body }) => ({
    ...{ method, path, authorization },
    question: JSON.parse(body) as unknown,
  }))
}
