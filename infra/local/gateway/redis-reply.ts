import { ErrorReply, RESP_TYPES } from "@redis/client"

/** Strings as bytes (values need not be UTF-8), integers as their digits (JavaScript rounds above 2^53). */
export type RedisReply = Buffer | string | null | ErrorReply | RedisReply[]

/** Makes the Redis client produce `RedisReply`. */
export const REPLY_TYPES = {
  [RESP_TYPES.SIMPLE_STRING]: Buffer,
  [RESP_TYPES.BLOB_STRING]: Buffer,
  [RESP_TYPES.NUMBER]: String,
} as const

export type ReplyEncoding = "plain" | "base64"

/** One element of a pipeline's answer, or the body of a single command's: `{"result":…}` or `{"error":…}`. */
export function replyJson(reply: RedisReply, encoding: ReplyEncoding): string {
  if (reply instanceof ErrorReply) return errorJson(reply.message)
  // Upstash leaves this one status bare in base64 mode too, and its client expects it so.
  if (Buffer.isBuffer(reply) && isOk(reply)) return '{"result":"OK"}'
  return `{"result":${valueJson(reply, encoding)}}`
}

export function errorJson(message: string): string {
  return `{"error":${JSON.stringify(message)}}`
}

function valueJson(reply: RedisReply, encoding: ReplyEncoding): string {
  if (reply === null) return "null"
  if (typeof reply === "string") return reply
  if (Buffer.isBuffer(reply)) {
    return encoding === "base64" ? `"${reply.toString("base64")}"` : JSON.stringify(reply.toString())
  }
  // Only scripts put errors inside arrays; there the client knows nothing but strings.
  if (reply instanceof ErrorReply) return valueJson(Buffer.from(reply.message), encoding)
  let json = "["
  for (const [index, element] of reply.entries()) {
    json += index === 0 ? valueJson(element, encoding) : `,${valueJson(element, encoding)}`
  }
  return `${json}]`
}

function isOk(reply: Buffer): boolean {
  return reply.length === 2 && reply[0] === 0x4f && reply[1] === 0x4b
}
