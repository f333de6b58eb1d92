-- save-edits: writes edits in place of those they were made from, all of them or none. Whether channels may be
-- merged depends on the edits of all others too: then nothing at all may have changed since.
--
-- KEYS  1 config:version  2 config:edits  3 imports:due
-- ARGV  1 the version that must still be in force ("" for the first), or "*" for any  2 job of publishing
--       then for each channel: its id, the JSON ChannelEdit it had ("" for none), the new one ("" deletes it)
-- Returns "ok", or "changed" when something is not as it was.
if ARGV[1] ~= '*' and (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 'changed' end
for at = 3, #ARGV, 3 do
  if (redis.call('HGET', KEYS[2], ARGV[at]) or '') ~= ARGV[at + 1] then return 'changed' end
end
for at = 3, #ARGV, 3 do
  if ARGV[at + 2] == '' then
    redis.call('HDEL', KEYS[2], ARGV[at])
  else
    redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 2])
  end
end
redis.call('INCR', KEYS[1])
redis.call('ZADD', KEYS[3], 0, ARGV[2])
return 'ok'
