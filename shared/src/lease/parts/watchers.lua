-- watchers (a part): the live streams' records, and who watches them (records.ts, LiveRecord).

-- So many sessions of a stream are known one by one, and beyond it only their number. What must be known is
-- whether a stream is watched at all, and whether by a single session.
local mostListed = 8

local function readLive(key, name)
  local text = redis.call('HGET', key, name)
  return text and cjson.decode(text) or nil
end

local function writeLive(key, name, live)
  redis.call('HSET', key, name, cjson.encode(live))
end

-- The key of the live stream and the lease that a member of a source's leases names.
local function namesIn(member)
  return string.match(member, '^[^/]+/(.+)/([^/]+)$')
end

local function isWatched(live)
  return next(live.watchers) ~= nil or next(live.crowds) ~= nil
end

-- Forgets who of a streamer's viewers was listed; with `arriving` also those who are still on their way.
local function unlist(live, streamer, arriving)
  for session, watcher in pairs(live.watchers) do
    if watcher[1] == streamer and (arriving or watcher[3] == 0) then live.watchers[session] = nil end
  end
end

-- Forgets who did not arrive in time, or of whom their streamer did not say so.
local function forgetAbsent(live, now)
  for session, watcher in pairs(live.watchers) do
    if watcher[3] ~= 0 and math.abs(watcher[3]) <= now then live.watchers[session] = nil end
  end
end

-- A session is on its way to a streamer: it has to be there by `arriveBy`. Negative: it has come, and the streamer has
-- until then to say so itself.
local function expectWatcher(live, session, streamer, viewer, arriveBy, now)
  live.idleSince = cjson.null
  if live.crowds[streamer] then return end
  -- Who is there stays so: another request of theirs may never be followed, and nobody would say it again.
  local before = live.watchers[session]
  if before and before[1] == streamer and before[3] <= 0 and (before[3] == 0 or arriveBy > 0) then return end
  forgetAbsent(live, now)
  local listed = 0
  for _ in pairs(live.watchers) do listed = listed + 1 end
  if listed >= mostListed and not before then
    unlist(live, streamer, true)
    live.crowds[streamer] = listed + 1
  else
    live.watchers[session] = { streamer, viewer, arriveBy }
  end
end

-- A session has ended for another one, before its streamer knows. Its stream is the channel's, or its own.
local function forgetWatcher(key, session, now)
  local channel, id = string.match(session, '^.-/(.-)/(.-)/')
  for _, name in ipairs({ channel, channel .. '~' .. id }) do
    local live = readLive(key, name)
    if live and live.watchers[session] then
      live.watchers[session] = nil
      if not isWatched(live) then live.idleSince = now end
      writeLive(key, name, live)
    end
  end
end

-- What a streamer says of a stream's viewers it has now: {sessions = {session -> viewer}} or {crowd = number}.
-- Those who are still on their way to it stay.
local function stateWatchers(live, streamer, statement, now)
  unlist(live, streamer, false)
  live.crowds[streamer] = nil
  forgetAbsent(live, now)
  if present(statement.crowd) then
    unlist(live, streamer, true)
    live.crowds[streamer] = statement.crowd
  else
    for session, viewer in pairs(statement.sessions) do live.watchers[session] = { streamer, viewer, 0 } end
  end
  if isWatched(live) then
    live.idleSince = cjson.null
  elseif not present(live.idleSince) then
    live.idleSince = now
  end
end

-- Whether a watcher counts: a streamer that died has no viewers any more, and who did not arrive in time is none. While
-- the store recovers from having been away, streamers could not say that they run, or who has come.
local function counts(watcher, streamers, now, recovering)
  return recovering or streamers[watcher[1]] and (watcher[3] == 0 or math.abs(watcher[3]) > now)
end

-- The one session that watches a stream, and what is known of it; nil when nobody does, or several.
local function loneWatcher(live, streamers, now, recovering)
  for streamer in pairs(live.crowds) do
    if recovering or streamers[streamer] then return nil end
  end
  local found, entry = nil, nil
  for session, watcher in pairs(live.watchers) do
    if counts(watcher, streamers, now, recovering) then
      if found then return nil end
      found, entry = session, watcher
    end
  end
  return found, entry
end
