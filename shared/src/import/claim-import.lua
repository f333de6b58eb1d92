-- claim-import: takes the import that has been due for longest; exactly one streamer gets it. The source
-- becomes due again when the claim is neither extended nor settled in time (its streamer died).
--
-- KEYS  1 imports:due  2 imports:running
-- ARGV  1 token  2 claim's life in ms
-- Returns the source id, or "" when nothing is due.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1)
if #due == 0 then return '' end
redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[2]), due[1])
redis.call('HSET', KEYS[2], due[1], ARGV[1])
return due[1]
