import { chmod, readFile } from "node:fs/promises"
import { parseEnv } from "node:util"
import { afterEach, describe, expect, it } from "vitest"
import { type DeployFixture, type FakeAccount, startDeployFixture } from "./deploy-fixture.ts"

const store = {
  UPSTASH_REDIS_REST_URL: "https://store.example",
  UPSTASH_REDIS_REST_TOKEN: "the-token-of-the-store",
}
let fixture: DeployFixture

async function start(account: Partial<FakeAccount>, settings: Record<string, string> = store) {
  fixture = await startDeployFixture(account, settings)
  return fixture
}

const commands = async () => (await fixture.calls()).map((words) => words.slice(0, 3).join(" "))
const settings = async () => parseEnv(await readFile(fixture.settingsPath, "utf8"))

afterEach(() => fixture.close())

describe("npm run deploy", () => {
  it("makes the bucket and the secrets of a new account, and ends with a look at its health", async () => {
    const { deploy, account, baseUrl } = await start({})
    const { code, output } = await deploy()
    expect(output).toContain(`all is well: ${baseUrl}/ (3 channels)`)
    expect(code).toBe(0)
    expect(await commands()).toEqual([
      "whoami --json",
      "secret list --env",
      "turbo",
      "r2 bucket info",
      "r2 bucket create",
      "deploy --env production",
    ])
    const { secrets } = await account()
    expect(secrets).toMatchObject(store)
    expect(secrets.TRIBUTARY_SECRET).toMatch(/^[\w-]{43}$/)
    expect(secrets.ADMIN_TOKEN).toMatch(/^[\w-]{43}$/)
    expect(secrets.TRIBUTARY_SECRET).not.toBe(secrets.ADMIN_TOKEN)
  })

  it("keeps what it made where the other tiers get it from, and shows none of it", async () => {
    const { deploy, account } = await start({})
    const { output } = await deploy()
    const { secrets } = await account()
    expect(await settings()).toMatchObject(secrets)
    const words = (await fixture.calls()).flat().join(" ")
    for (const secret of [secrets.TRIBUTARY_SECRET, secrets.ADMIN_TOKEN, store.UPSTASH_REDIS_REST_TOKEN]) {
      expect(output).not.toContain(secret)
      expect(words).not.toContain(secret)
    }
  })

  it("changes no secret and makes no bucket when it runs again", async () => {
    const { deploy, account } = await start({})
    await deploy()
    const [before, file] = [await account(), await settings()]
    expect((await deploy()).code).toBe(0)
    expect(await account()).toEqual(before)
    expect(await settings()).toEqual(file)
    expect(await commands()).not.toContain("r2 bucket create")
  })

  it("makes no second TRIBUTARY_SECRET where the Worker has one that this machine does not know", async () => {
    const secrets = { ...store, TRIBUTARY_SECRET: "made elsewhere", ADMIN_TOKEN: "made elsewhere" }
    const { deploy, account } = await start({ worker: true, secrets, bucket: "there" }, {})
    const { code, output } = await deploy()
    expect(output).toContain("uploading the Worker with 0 secrets (4 stay as they are)")
    expect(code).toBe(0)
    expect((await account()).secrets).toEqual(secrets)
    expect(await settings()).not.toHaveProperty("TRIBUTARY_SECRET")
  })

  it("gives the fleet's settings as vars and its keys as secrets", async () => {
    const fleet = `[{"name":"eu","continent":"EU"}]`
    const { deploy, account } = await start(
      {},
      { ...store, FLEET: fleet, AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret-key" },
    )
    expect((await deploy()).code).toBe(0)
    const upload = (await fixture.calls()).at(-1)
    expect(upload).toContain(`FLEET:${fleet}`)
    expect(upload).toContain(`BASE_URL:${fixture.baseUrl}`)
    expect((await account()).secrets).toMatchObject({
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret-key",
    })
  })

  it("is content with an edge that has no streamer yet, and says so", async () => {
    const { deploy, answer } = await start({})
    answer(503, `{"status":"failing","failing":["streamers"]}`)
    const { code, output } = await deploy()
    expect(output).toContain("No streamer runs yet")
    expect(code).toBe(0)
  })
})

describe("npm run deploy says what to do", () => {
  it.each<[string, Partial<FakeAccount>, Record<string, string>, string]>([
    ["without a login", { loggedIn: false }, store, "wrangler login"],
    ["with two accounts", { accounts: [{ id: "a" }, { id: "b" }] }, store, "CLOUDFLARE_ACCOUNT_ID"],
    ["without a store", {}, {}, "UPSTASH_REDIS_REST_URL is not set"],
    ["without R2", { bucket: "off" }, store, "Enable it once"],
    ["when the Worker is refused", { refusesUploads: true }, store, "what ran before runs on"],
    ["with a mistyped setting", {}, { ...store, BASEURL: "x" }, "BASEURL: unknown key"],
    [
      "with a fleet and no key for it",
      {},
      { ...store, FLEET: "[]" },
      "AWS_ACCESS_KEY_ID is not set, and FLEET needs it",
    ],
  ])("%s", async (_case, account, given, advice) => {
    const { deploy } = await start(account, given)
    const { code, output } = await deploy()
    expect(output).toContain(advice)
    expect(code).toBe(1)
  })

  it("when the store is not reached", async () => {
    const { deploy, answer } = await start({})
    answer(503, `{"status":"failing","failing":["store","streamers"]}`)
    const { code, output } = await deploy()
    expect(output).toContain("uploaded, but failing: store, streamers")
    expect(output).toContain("Compare UPSTASH_REDIS_REST_URL")
    expect(code).toBe(1)
  })

  it("when something else answers at the address", async () => {
    const { deploy, answer } = await start({})
    answer(522, "error code: 522")
    const { code, output } = await deploy()
    expect(output).toContain("it answers 522, and not as Tributary does")
    expect(code).toBe(1)
  })

  it("when others can read the settings", async () => {
    const { deploy, settingsPath } = await start({})
    await chmod(settingsPath, 0o644)
    const { code, output } = await deploy()
    expect(output).toContain(`chmod 600 ${settingsPath}`)
    expect(code).toBe(1)
  })
})
