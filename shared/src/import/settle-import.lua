-- settle-import: the holder of a claim says when its source is due next, which ends or extends the claim.
--
-- KEYS  1 imports:due  2 imports:running
-- ARGV  1 source  2 token  3 ms until it is due  4 "end" or "extend"
-- Returns "ok", or "lost" when another streamer holds the claim by now, or the source was removed: it has no score.
-- A score of 0 is the mark of a change that came after the claim: the source stays due at once.
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 'lost' end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  redis.call('HDEL', KEYS[2], ARGV[1])
  return 'lost'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])) > 0 then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
end
if ARGV[4] == 'end' then redis.call('HDEL', KEYS[2], ARGV[1]) end
return 'ok'
