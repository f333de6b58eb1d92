-- release: the connection of a lease is closed; its slot is free. Does nothing for a lease that is gone.
--
-- KEYS  1 the source's leases  2 live  3 the source's ended leases
-- ARGV  1 profile  2 key of the live stream  3 lease
-- Returns 1 when the slot was held, else 0.
local text = redis.call('HGET', KEYS[2], ARGV[2])
if text and cjson.decode(text).lease == ARGV[3] then redis.call('HDEL', KEYS[2], ARGV[2]) end
local released = redis.call('ZREM', KEYS[1], ARGV[1] .. '/' .. ARGV[2] .. '/' .. ARGV[3])
if released == 1 then noteEnded(KEYS[3], ARGV[1], ARGV[3], redisNow()) end
return released
