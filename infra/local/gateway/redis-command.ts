/** A command ready to send: the name in capitals, then its arguments as Redis takes them. */
export type RedisCommand = { name: string; arguments: (string | Buffer)[] }
