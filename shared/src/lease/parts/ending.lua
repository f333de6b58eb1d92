-- ending (a part): sessions that end because the admin wants them to. Their streamers hear of it at the next heartbeat,
-- which does not find them.

-- What of a session stays the same when it is admitted anew with its ticket, and when it was born.
local function lastingOf(member)
  return string.match(member, '^(.*)/(%d+)$')
end

-- Whether the admin has ended this session: one that was asked for again since, by a click, is another one.
local function wasEnded(endedKey, member)
  local name, born = lastingOf(member)
  local endedAt = name and redis.call('ZSCORE', endedKey, name)
  return endedAt and tonumber(born) <= tonumber(endedAt) or false
end

-- It is remembered for so long as their tickets last, by which they would be admitted anew.
local function endSessions(sessionsKey, endedKey, liveKey, members, now, ticketMs)
  redis.call('ZREMRANGEBYSCORE', endedKey, '-inf', now - ticketMs)
  for _, member in ipairs(members) do
    redis.call('ZREM', sessionsKey, member)
    redis.call('ZADD', endedKey, now, (lastingOf(member)))
    redis.call('PEXPIRE', endedKey, ticketMs)
    forgetWatcher(liveKey, member, now)
  end
end
