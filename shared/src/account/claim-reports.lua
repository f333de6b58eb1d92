-- claim-reports: takes profiles whose provider is due to be asked; exactly one streamer gets each. One whose streamer
-- dies before it has reported is due again when the claim ends.
--
-- KEYS  1 profiles:due
-- ARGV  1 claim's life in ms  2 how many at most
-- Returns JSON [source/profile], or "" when nothing is due.
local now = redisNow()
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[2]))
if #due == 0 then return '' end
for _, member in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[1]), member) end
return cjson.encode(due)
