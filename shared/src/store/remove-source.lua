-- remove-source: removes a source with all that is kept of it; a snapshot without it is due.
--
-- KEYS  1 config:version  2 config:sources  3 the source's reports  4 profiles:due  5 imports:due
--       6 imports:status  7 imports:accept
-- ARGV  1 source id  2 JSON SourceRecord that must still be stored  3 job of its guides  4 job of publishing
--       then the ids of its profiles
-- Returns "ok", also when it is gone already; "changed" when another one is stored.
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if not stored then return 'ok' end
if stored ~= ARGV[2] then return 'changed' end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
for at = 5, #ARGV do redis.call('ZREM', KEYS[4], ARGV[1] .. '/' .. ARGV[at]) end
redis.call('ZREM', KEYS[5], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[5], 0, ARGV[4])
redis.call('HDEL', KEYS[6], ARGV[1], ARGV[3])
redis.call('HDEL', KEYS[7], ARGV[1])
redis.call('INCR', KEYS[1])
return 'ok'
