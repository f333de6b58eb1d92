import { ImportError } from "../import-error.ts"
import { type AnswerShape, JsonElements } from "./json-elements.ts"

/** The pieces of the answer of `player_api.php` with an action (null: the login). Throws an ImportError. */
export type FetchAction = (action: string | null) => AsyncIterable<Buffer>

export interface ListReading {
  /** A login answers an action that the panel does not know. */
  shape: AnswerShape | "login"
  elements: number
}

/**
 * Gives `use` the elements of a list, or the values of a map in its place, as they arrive; `undefined` stands for
 * one that is no JSON. Throws an ImportError for a web page, half a list, and a login that is refused.
 */
export async function readList(
  pieces: AsyncIterable<Buffer>,
  use: (elements: unknown[]) => Promise<void> | void,
): Promise<ListReading> {
  const scanner = new JsonElements()
  let elements = 0
  for await (const piece of pieces) {
    const found = scanner.push(piece)
    if (found.length === 0) continue
    elements += found.length
    if (scanner.shape === "list") await use(found.map(parsed))
    else {
      const pairs = found.map(pairOf)
      const login = pairs.find(([key]) => key === "user_info")
      if (login !== undefined) return loginReading(login[1])
      await use(pairs.map(([, value]) => value))
    }
  }
  return { shape: scanner.end(), elements }
}

function parsed(element: Buffer): unknown {
  try {
    return JSON.parse(element.toString())
  } catch {
    return undefined
  }
}

/** A map's element is `"key": value`; in braces, it is a map of one. */
function pairOf(element: Buffer): readonly [key: string, value: unknown] {
  const map = parsed(Buffer.concat([openingBrace, element, closingBrace]))
  return Object.entries(map ?? {})[0] ?? ["", undefined]
}

const openingBrace = Buffer.from("{")
const closingBrace = Buffer.from("}")

function loginReading(user: unknown): ListReading {
  if (typeof user === "object" && user !== null && "auth" in user && Number(user.auth) !== 1)
    throw new ImportError("login_failed", "the provider refused username or password")
  return { shape: "login", elements: 0 }
}
