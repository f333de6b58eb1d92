import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import { defaultSettings, settingNames } from "@tributary/shared/config/settings"
import { describe, expect, it } from "vitest"
import { settingFields } from "../fields/setting-groups.ts"
import { settingInWords, settingsChange, valuesOf } from "./setting-values.ts"
import { settingsFormSchema } from "./settings-form-schema.ts"

const answer = (settings: Partial<SettingsAnswer["settings"]> = {}): SettingsAnswer => ({
  settings: { ...defaultSettings, ...settings },
  defaults: defaultSettings,
  ...{ changed: [], configured: [], atNextStart: [] },
})
const values = valuesOf(defaultSettings)
const issueOf = (body: unknown) =>
  settingsFormSchema.safeParse(body).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)

describe("the fields of settings", () => {
  it("are there once for every setting", () => {
    expect(settingFields.map(({ name }) => name).sort()).toEqual([...settingNames].sort())
  })

  it("have a size in MiB and a variant as text", () => {
    const { maxBufferSize, hlsVariant } = valuesOf({ ...defaultSettings, hlsVariant: 5_000_000 })
    expect([maxBufferSize, hlsVariant]).toEqual([256, "5000000"])
  })

  it("tell their values in words", () => {
    expect(settingInWords({ kind: "size" }, 16)).toBe("16 MiB")
    expect(settingInWords({ kind: "flag" }, false)).toBe("off")
    expect(settingInWords({ kind: "text" }, "")).toBe("empty")
    const options = [{ value: "asc", label: "Ascending", explanation: "" }]
    expect(settingInWords({ kind: "choice", options }, "asc")).toBe("Ascending")
  })
})

describe("a change of settings", () => {
  it("is empty as long as nothing is changed, whatever size is stored", () => {
    const odd = answer({ maxBufferSize: 1_500_001 })
    expect(settingsChange(valuesOf(odd.settings), odd)).toEqual({})
  })

  it("has what was changed, sizes in bytes", () => {
    const change = settingsChange({ ...values, poolGrace: "1m", maxBufferSize: 1.5, debug: true }, answer())
    expect(change).toEqual({ poolGrace: "1m", maxBufferSize: 1_572_864, debug: true })
    expect(issueOf(change)).toBeUndefined()
  })

  it("puts back what is as by default", () => {
    expect(settingsChange(values, answer({ poolGrace: "1m" }))).toEqual({ poolGrace: null })
    expect(issueOf({ poolGrace: null })).toBeUndefined()
  })

  it("is refused in the words of the file, of a size in MiB", () => {
    expect(issueOf({ poolGrace: "soon" })).toEqual([
      'poolGrace: "soon" is not a duration such as 30m, 5s or 12h',
    ])
    expect(issueOf(settingsChange({ ...values, maxBufferSize: 0.5 }, answer()))).toEqual([
      "maxBufferSize: must be at least 1 MiB",
    ])
    expect(issueOf(settingsChange({ ...values, maxBufferSize: "" }, answer()))).toEqual([
      "maxBufferSize: must be a number",
    ])
    expect(issueOf(settingsChange({ ...values, maxRetries: "" }, answer()))).toEqual([
      "maxRetries: must be a whole number",
    ])
  })
})
