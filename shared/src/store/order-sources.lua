-- order-sources: writes several sources in place of those that they were made from, all of them or none.
--
-- KEYS  1 config:version  2 config:sources  3 imports:due
-- ARGV  1 number of sources  2 job of publishing
--       then for each source: its id, JSON SourceRecord that must still be stored, the new one
-- Returns "ok", also for a repeated request that was carried out before; "changed" when any other is stored, or one more.
if redis.call('HLEN', KEYS[2]) ~= tonumber(ARGV[1]) then return 'changed' end
local isDone = true
for at = 3, #ARGV, 3 do
  local stored = redis.call('HGET', KEYS[2], ARGV[at])
  if stored ~= ARGV[at + 1] and stored ~= ARGV[at + 2] then return 'changed' end
  if stored ~= ARGV[at + 2] then isDone = false end
end
if isDone then return 'ok' end
for at = 3, #ARGV, 3 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 2]) end
redis.call('ZADD', KEYS[3], 0, ARGV[2])
redis.call('INCR', KEYS[1])
return 'ok'
