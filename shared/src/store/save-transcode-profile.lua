-- save-transcode-profile: writes or deletes one transcode profile. Whether it may be depends on all others (adaptive
-- ones name some), so nothing of the config may have changed since it was decided.
--
-- KEYS  1 config:version  2 config:transcode-profiles
-- ARGV  1 the version that must still be in force ("" for none)  2 id  3 JSON TranscodeProfileRecord, "" to delete it
-- Returns "ok", also for a repeated request that was carried out before; "changed" when another version is in force.
local stored = redis.call('HGET', KEYS[2], ARGV[2]) or ''
if stored == ARGV[3] then return 'ok' end
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 'changed' end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[2], ARGV[2])
else
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
end
redis.call('INCR', KEYS[1])
return 'ok'
