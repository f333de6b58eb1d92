-- end-session: ends one session of a viewer because the admin wants it to; its ticket lets nobody in again.
--
-- KEYS  1 the viewer's sessions  2 the viewer's ended sessions  3 live
-- ARGV  1 session member  2 ms for which its ticket may be shown
-- Returns 1, also for a repeated request; 0 when there is no such session.
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  endSessions(KEYS[1], KEYS[2], KEYS[3], { ARGV[1] }, redisNow(), tonumber(ARGV[2]))
  return 1
end
return wasEnded(KEYS[2], ARGV[1]) and 1 or 0
