-- report: what a provider said of an account, or that it refused a connection.
--
-- KEYS  1 the source's reports  2 the source's leases  3 its ended leases  4 profiles:due  5 config:sources
-- ARGV  1 profile  2 JSON AccountReport, "" = it refused a connection  3 member of profiles:due (source/profile)
--       4 ms until it is asked again; after a refusal, least ms between two questions
--       5 ms for which a profile that refused is not used  6 ms for which providers count on what has ended
--       7 ms for which one who asks has it to themselves
-- Returns JSON ProfileReport. Nothing is written of a profile that was removed.
local now = redisNow()
local text = redis.call('HGET', KEYS[1], ARGV[1])
local report = text and cjson.decode(text) or {
  maxConnections = cjson.null, activeConnections = cjson.null, status = 'unknown', expiresAt = cjson.null,
  elsewhere = 0, at = 0, refusedUntil = 0,
}
local due = tonumber(redis.call('ZSCORE', KEYS[4], ARGV[3]))
if ARGV[2] == '' then
  report.refusedUntil = now + tonumber(ARGV[5])
  -- What is due sooner stays so: somebody may be asking right now.
  if due and due > now + tonumber(ARGV[7]) then due = math.max(now, report.at + tonumber(ARGV[4])) end
else
  local said = cjson.decode(ARGV[2])
  -- What we hold, and what we held a moment ago: panels notice late that a connection has ended.
  local held, ended, prefix = 0, 0, ARGV[1] .. '/'
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf')) do
    if string.sub(member, 1, #prefix) == prefix then held = held + 1 end
  end
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], now - tonumber(ARGV[6]), '+inf')) do
    if string.sub(member, 1, #prefix) == prefix then ended = ended + 1 end
  end
  local active = present(said.activeConnections) and said.activeConnections or 0
  said.elsewhere = math.max(0, active - held - ended)
  said.at = now
  -- A panel that says how much it counts has said whether there is room; another's refusal runs out.
  said.refusedUntil = present(said.activeConnections) and 0 or report.refusedUntil
  report = said
  -- What it counts beyond that may be ours of a moment ago, or somebody else's: soon it is certain.
  local certain = active > held and ended > 0 and tonumber(ARGV[6]) or math.huge
  due = due and now + math.min(tonumber(ARGV[4]), certain)
end
local written = cjson.encode(report)
-- One without a login is never asked about, but may refuse.
local source = redis.call('HGET', KEYS[5], string.match(ARGV[3], '^([^/]+)/'))
for _, profile in ipairs(source and cjson.decode(source).profiles or {}) do
  if profile.id == ARGV[1] then redis.call('HSET', KEYS[1], ARGV[1], written) end
end
if due then redis.call('ZADD', KEYS[4], due, ARGV[3]) end
return written
