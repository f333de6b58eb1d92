/**
 * A hash as the REST API answers HGETALL: a flat list of fields and values. (The client makes an object of
 * it only together with its automatic deserialisation, which is off: "007" must stay "007".)
 */
export function hashFields(reply: unknown): Map<string, string> {
  const list = Array.isArray(reply) ? reply.map(String) : []
  const fields = new Map<string, string>()
  for (let at = 0; at + 1 < list.length; at += 2) fields.set(list[at] ?? "", list[at + 1] ?? "")
  return fields
}
