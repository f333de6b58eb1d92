-- save-source: writes a source in place of the one that it was made from, or a new one, with what follows of it.
--
-- KEYS  1 config:version  2 config:sources  3 the source's reports  4 profiles:due  5 imports:due
-- ARGV  1 source id  2 JSON SourceRecord that must still be stored, "" = none may be  3 the new one
--       4 number of jobs of imports that are due with it, then these
--       then for each profile that is new, gone or has another login: its id, "ask" or "forget"
-- Returns "ok", also for a repeated request that was carried out before; "changed" when another one is stored.
local stored = redis.call('HGET', KEYS[2], ARGV[1]) or ''
if stored == ARGV[3] then return 'ok' end
if stored ~= ARGV[2] then return 'changed' end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
local jobs = tonumber(ARGV[4])
for at = 5, 4 + jobs do redis.call('ZADD', KEYS[5], 0, ARGV[at]) end
for at = 5 + jobs, #ARGV, 2 do
  local member = ARGV[1] .. '/' .. ARGV[at]
  -- What the provider said was of another login.
  redis.call('HDEL', KEYS[3], ARGV[at])
  if ARGV[at + 1] == 'ask' then
    redis.call('ZADD', KEYS[4], 0, member)
  else
    redis.call('ZREM', KEYS[4], member)
  end
end
redis.call('INCR', KEYS[1])
return 'ok'
