-- release: the connection of a lease is closed; its slot is free. Does nothing for a lease that is gone.
--
-- KEYS  1 the source's leases  2 live
-- ARGV  1 member (profile/channel/lease)  2 channel  3 lease
-- Returns 1 when the slot was held, else 0.
local text = redis.call('HGET', KEYS[2], ARGV[2])
if text and cjson.decode(text).lease == ARGV[3] then redis.call('HDEL', KEYS[2], ARGV[2]) end
return redis.call('ZREM', KEYS[1], ARGV[1])
