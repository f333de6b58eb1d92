import { loginIn } from "@tributary/shared/config/list-login"
import type { SourceValues } from "../form/source-values.ts"

type Login = Pick<SourceValues, "type" | "url" | "username" | "password">

/** The same provider as the other type: what is in the list's address becomes server and login, and back. */
export function asType(values: Login, type: SourceValues["type"]): Login {
  const url = values.url.trim()
  if (type === values.type) return values
  const inAddress = loginIn(url)
  if (type === "m3u")
    // A list whose address holds the login needs none beside it.
    return inAddress === null ? { ...values, type } : { type, url, username: "", password: "" }
  return {
    type,
    url: serverOf(url),
    username: values.username || (inAddress?.username ?? ""),
    password: values.password || (inAddress?.password ?? ""),
  }
}

/** `http://host:port/folder` of `http://host:port/folder/get.php?…`. */
function serverOf(list: string): string {
  const url = URL.parse(list)
  return url === null ? list : `${url.origin}${url.pathname.replace(/\/[^/]*$/, "")}`
}
