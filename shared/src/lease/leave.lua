-- leave: a viewer's session has ended; when it was the stream's last one, the stream is idle from now on
-- and yields its connection to whoever needs it.
--
-- KEYS  1 the viewer's sessions (any key when there is no viewer)  2 live
-- ARGV  1 session member ("" = it goes on)  2 key of the live stream  3 lease  4 the streamer
--       5 JSON of who watches there now (watchers.lua), "" = that did not change
-- Returns "ok", or "lost" when the lease is no longer the live stream's.
local session, streamer = ARGV[1], ARGV[4]
local live = readLive(KEYS[2], ARGV[2])
local isLive = live and live.lease == ARGV[3]
local watcher = isLive and live.watchers[session]
-- One that was sent to another streamer since goes on there.
if session ~= '' and not (watcher and watcher[1] ~= streamer) then
  redis.call('ZREM', KEYS[1], session)
  if watcher then
    live.watchers[session] = nil
    if not isWatched(live) then live.idleSince = redisNow() end
  end
end
if not isLive then return 'lost' end
if ARGV[5] ~= '' then stateWatchers(live, streamer, cjson.decode(ARGV[5]), redisNow()) end
writeLive(KEYS[2], ARGV[2], live)
return 'ok'
