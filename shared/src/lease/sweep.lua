-- sweep: forgets live streams whose lease nobody has any more: players who never came, streamers that died. Admission
-- passes them over anyway; this only keeps them from piling up.
--
-- KEYS  1 live  2.. the leases of each source in ARGV, in order
-- ARGV  source ids
-- Returns how many live streams were forgotten.
local now = redisNow()
local leasesOf = {}
for index, source in ipairs(ARGV) do
  leasesOf[source] = KEYS[index + 1]
  redis.call('ZREMRANGEBYSCORE', KEYS[index + 1], '-inf', now - keptMs)
end
local swept = 0
local stored = redis.call('HGETALL', KEYS[1])
for at = 1, #stored, 2 do
  local live = cjson.decode(stored[at + 1])
  local leases = leasesOf[live.source]
  local member = live.profile .. '/' .. stored[at] .. '/' .. live.lease
  if not leases or not redis.call('ZSCORE', leases, member) then
    redis.call('HDEL', KEYS[1], stored[at])
    swept = swept + 1
  end
end
return swept
