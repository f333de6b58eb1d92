-- fail-feed: a feed did not open, or broke off. After some failures it is blocked for a while, and for twice as
-- long each time it fails again. Its provider being full is no failure of the feed.
--
-- KEYS  1 the feed's health  2 feeds:failing
-- ARGV  1 failures before it is blocked  2 ms of the first block  3 ms of the longest  4 ms until it is forgotten
--       5 its member of feeds:failing
-- Returns JSON FeedHealth. A success deletes the key and the member.
local now = redisNow()
local text = redis.call('GET', KEYS[1])
local health = text and cjson.decode(text) or { failures = 0, blocks = 0, blockedUntil = 0 }
health.failures = health.failures + 1
-- Several may have opened it at the same time: their failures are one reason to block it.
if health.failures >= tonumber(ARGV[1]) and health.blockedUntil <= now then
  health.blocks = health.blocks + 1
  health.blockedUntil = now + math.min(tonumber(ARGV[2]) * 2 ^ math.min(health.blocks - 1, 20), tonumber(ARGV[3]))
end
local written = cjson.encode(health)
redis.call('SET', KEYS[1], written, 'PX', math.max(0, health.blockedUntil - now) + tonumber(ARGV[4]))
-- Whoever failed before this has been forgotten by now.
local longest = tonumber(ARGV[3]) + tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - longest)
redis.call('ZADD', KEYS[2], now, ARGV[5])
redis.call('PEXPIRE', KEYS[2], longest)
return written
