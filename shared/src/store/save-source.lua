-- save-source: writes a source in place of the one that it was made from, with what follows for its profiles.
--
-- KEYS  1 config:version  2 config:sources  3 the source's reports  4 profiles:due  5 imports:due
-- ARGV  1 source id  2 JSON SourceRecord that must still be stored  3 the new one
--       4 job of its import when its list is to be read anew, or ""
--       then for each profile that is new, gone or has another login: its id, "ask" or "forget"
-- Returns "ok", also for a repeated request that was carried out before; "changed" when another one is stored.
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if stored == ARGV[3] then return 'ok' end
if stored ~= ARGV[2] then return 'changed' end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
for at = 5, #ARGV, 2 do
  local member = ARGV[1] .. '/' .. ARGV[at]
  -- What the provider said was of another login.
  redis.call('HDEL', KEYS[3], ARGV[at])
  if ARGV[at + 1] == 'ask' then
    redis.call('ZADD', KEYS[4], 0, member)
  else
    redis.call('ZREM', KEYS[4], member)
  end
end
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[5], 0, ARGV[4]) end
redis.call('INCR', KEYS[1])
return 'ok'
