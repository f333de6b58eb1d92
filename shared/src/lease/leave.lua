-- leave: a viewer's session has ended; when it was the stream's last one, the stream is idle from now on
-- and yields its connection to whoever needs it.
--
-- KEYS  1 the viewer's sessions (any key when there is no viewer)  2 live
-- ARGV  1 session member ("" = no viewer)  2 channel  3 lease  4 "idle" when nobody watches any more, else ""
-- Returns "ok", or "lost" when the lease is no longer the channel's.
if ARGV[1] ~= '' then redis.call('ZREM', KEYS[1], ARGV[1]) end
local text = redis.call('HGET', KEYS[2], ARGV[2])
local live = text and cjson.decode(text)
if not live or live.lease ~= ARGV[3] then return 'lost' end
if ARGV[4] == 'idle' then
  local time = redis.call('TIME')
  live.idleSince = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('HSET', KEYS[2], ARGV[2], cjson.encode(live))
end
return 'ok'
