-- save-epg: writes the guides that are configured on their own, in place of those that they were made from.
--
-- KEYS  1 config:version  2 config:epg  3 imports:due  4 imports:status
-- ARGV  1 what must still be stored ("" for none)  2 what is stored from now on ("" for none)
--       3 job of the guides' import  4 job of publishing
-- Returns "ok", also for a repeated request that was carried out before; "changed" when something else is stored.
local stored = redis.call('GET', KEYS[2]) or ''
if stored == ARGV[2] then return 'ok' end
if stored ~= ARGV[1] then return 'changed' end
if ARGV[2] ~= '' then
  redis.call('SET', KEYS[2], ARGV[2])
  redis.call('ZADD', KEYS[3], 0, ARGV[3])
else
  -- There is nothing to import; a snapshot without them is to be made.
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[3])
  redis.call('HDEL', KEYS[4], ARGV[3])
  redis.call('ZADD', KEYS[3], 0, ARGV[4])
end
redis.call('INCR', KEYS[1])
return 'ok'
