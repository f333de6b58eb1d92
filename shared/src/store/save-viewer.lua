-- save-viewer: writes a viewer in place of the one that it was made from, or deletes it. Who may not watch any more, or
-- whose password is another one, loses all sessions with it.
--
-- KEYS  1 config:version  2 config:viewers  3 the viewer's sessions  4 the viewer's ended sessions  5 live
-- ARGV  1 username  2 JSON ViewerRecord that must still be stored ("" for none)  3 the new one ("" deletes it)
--       4 ms for which the tickets of sessions that end may be shown
-- Returns "ok", also for a repeated request that was carried out before; "changed" when another one is stored.
local stored = redis.call('HGET', KEYS[2], ARGV[1]) or ''
if stored == ARGV[3] then return 'ok' end
if stored ~= ARGV[2] then return 'changed' end
local now = redisNow()
local after = ARGV[3] ~= '' and cjson.decode(ARGV[3])
local goesOn = after and after.enabled and not (present(after.expiresAt) and after.expiresAt <= now)
  and (stored == '' or cjson.decode(stored).check == after.check)
if after then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
else
  redis.call('HDEL', KEYS[2], ARGV[1])
end
-- Also those that ran out while their streamer could not reach the store: it might take them up again.
if not goesOn then
  endSessions(KEYS[3], KEYS[4], KEYS[5], redis.call('ZRANGE', KEYS[3], 0, -1), now, tonumber(ARGV[4]))
end
redis.call('INCR', KEYS[1])
return 'ok'
