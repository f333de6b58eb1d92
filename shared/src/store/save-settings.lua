-- save-settings: changes settings, all of them at once, with what follows for imports and the snapshot.
--
-- KEYS  1 config:version  2 config:settings  3 config:settings-by-api  4 imports:due  5 imports:running
-- ARGV  1 job of publishing  2 ms of the new refresh interval, "" when that is not given  3 ms: no interval is longer
--       then for each setting: its name, its JSON value ("" puts it back to its default), "publish" or ""
-- Returns how many were changed.
local changed, publishes = 0, false
for at = 4, #ARGV, 3 do
  local name, value = ARGV[at], ARGV[at + 1]
  local stored = redis.call('HGET', KEYS[2], name) or ''
  if stored ~= value then
    changed = changed + 1
    publishes = publishes or ARGV[at + 2] == 'publish'
    if value == '' then
      redis.call('HDEL', KEYS[2], name)
      redis.call('HDEL', KEYS[3], name)
    else
      redis.call('HSET', KEYS[2], name, value)
      -- One that a configuration names is as that says again at the next start.
      if stored == '' then redis.call('HSET', KEYS[3], name, '1') end
    end
  end
end
if changed == 0 then return 0 end
if publishes then redis.call('ZADD', KEYS[4], 0, ARGV[1]) end
-- Of what runs, the score is when its claim ends; what is due much later waits for something else than time.
if ARGV[2] ~= '' then
  local now = redisNow()
  local latest = now + tonumber(ARGV[2])
  local later = redis.call('ZRANGEBYSCORE', KEYS[4], '(' .. latest, now + tonumber(ARGV[3]))
  for _, job in ipairs(later) do
    if redis.call('HEXISTS', KEYS[5], job) == 0 then redis.call('ZADD', KEYS[4], latest, job) end
  end
end
redis.call('INCR', KEYS[1])
return changed
