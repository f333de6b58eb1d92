-- save-edits: writes edits that were made from a certain version of the config, all of them or none. A merge
-- is checked against the edits of all channels, so those must still be what they were when it was checked.
--
-- KEYS  1 config:version  2 config:edits  3 imports:due
-- ARGV  1 the version they were made from ("" when there was none)  2 job of publishing
--       then pairs: channel id, JSON ChannelEdit ("" deletes it)
-- Returns "ok", or "changed" when the config is another one by now.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 'changed' end
for at = 3, #ARGV, 2 do
  if ARGV[at + 1] == '' then
    redis.call('HDEL', KEYS[2], ARGV[at])
  else
    redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
  end
end
redis.call('INCR', KEYS[1])
redis.call('ZADD', KEYS[3], 0, ARGV[2])
return 'ok'
