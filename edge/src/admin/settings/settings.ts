import { type SettingsAnswer, settingsPatchSchema } from "@tributary/shared/admin-api/settings"
import { defaultSettings, settingsReadAtStart } from "@tributary/shared/config/settings"
import { errorResponse } from "@tributary/shared/http/errors"
import { keys } from "@tributary/shared/store/keys"
import { saveSettings } from "@tributary/shared/store/save-settings"
import { storedSettings } from "@tributary/shared/store/stored-settings"
import type { Context } from "hono"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import { parseBody } from "../parse-request.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { wakeImporter } from "../wake-importer.ts"

type Request = Context<AdminEnvironment>

/** `GET /api/settings`: all that are in force, what they are by default, and where they differ. */
export async function getSettings(context: Request): Promise<Response> {
  return context.json(await answerOf(await edgeOf(context.env)))
}

/**
 * `PATCH /api/settings`: all that are given, or none when one of them is wrong; null puts one back to its default. One
 * that a file or variable names is as that says again at the next start.
 */
export async function patchSettings(context: Request): Promise<Response> {
  const body = await parseBody(context.req, settingsPatchSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  if (await saveSettings(edge.run, body.value)) wakeImporter(context, edge)
  return context.json(await answerOf(edge))
}

async function answerOf({ redis }: Edge): Promise<SettingsAnswer> {
  const [stored, madeByApi] = await fromStore(
    redis.multi().hgetall(keys.settings).hgetall(keys.settingsByApi).exec<[unknown, unknown]>(),
  )
  return {
    ...storedSettings(stored, madeByApi),
    defaults: defaultSettings,
    atNextStart: settingsReadAtStart,
  }
}
