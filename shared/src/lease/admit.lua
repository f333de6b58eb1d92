-- admit: may this viewer watch this channel, on which connection, from which streamer?
-- One round trip decides: viewer, limits, join or lease, and the streamer (DESIGN.md, data flow 2).
--
-- KEYS  1 config:sources  2 config:settings  3 config:viewers  4 live  5 streamers
--       6 the viewer's sessions (any key when there is no viewer)
--       7.. for each source in request.sources, in order: its leases, its reports
-- ARGV  1 JSON request:
--       lease, session   ids made by the caller: the call can be repeated without a second effect
--       username, check  the viewer (username "" = none); trusted = true skips the password
--       address          digest of the viewer's network address
--       channel, groups  the channel, and the groups it is in
--       sources          distinct source ids; feeds = [{id, source = index into sources}] in failover order
--       region, prefer   where the viewer is; a streamer to prefer (its own, when a streamer asks)
--       leaseMs, streamerDeadMs, probeMs; dry = true decides and changes nothing (HEAD)
-- Returns JSON {code = …}; with code "join" or "open": streamer, address, lease, source, profile, feed,
--       session (the member to keep alive), viewer, yielded. Codes: join, open, unauthorized, forbidden, viewer_limit, no_streamer,
--       no_capacity. A reply repeats the first answer for the same lease id.
local request = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expiry = now + request.leaseMs
local none = cjson.null

local function present(value)
  return value ~= nil and value ~= none and value ~= false
end

-- The members of a sorted set that have not expired; the others are dropped, unless nothing may change.
local function unexpired(key)
  if not request.dry then redis.call('ZREMRANGEBYSCORE', key, '-inf', now) end
  return redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf')
end

-- Who is it?
local viewer = nil
if request.username ~= '' then
  local stored = redis.call('HGET', KEYS[3], request.username)
  if stored then
    local record = cjson.decode(stored)
    if request.trusted or record.check == request.check then viewer = record end
  end
end
if not viewer then
  if redis.call('HGET', KEYS[2], 'publicPlaylist') ~= 'true' then
    return cjson.encode({ code = 'unauthorized' })
  end
else
  if not viewer.enabled then return cjson.encode({ code = 'forbidden', reason = 'disabled' }) end
  if present(viewer.expiresAt) and viewer.expiresAt <= now then
    return cjson.encode({ code = 'forbidden', reason = 'expired' })
  end
  if present(viewer.groups) then
    local allowed = false
    for _, mine in ipairs(viewer.groups) do
      for _, group in ipairs(request.groups) do allowed = allowed or mine == group end
    end
    if not allowed then return cjson.encode({ code = 'forbidden', reason = 'group' }) end
  end
end

-- Which streamers are there?
local streamers = {}
local stored = redis.call('HGETALL', KEYS[5])
for i = 1, #stored, 2 do
  local record = cjson.decode(stored[i + 1])
  if record.at > now - request.streamerDeadMs then streamers[stored[i]] = record end
end

-- The viewer's own limit. A player's probe (same viewer, address and channel within seconds) is the same
-- session.
local session, replaced = request.session, nil
if viewer then
  session = request.address .. '/' .. request.channel .. '/' .. request.session .. '/' .. now
  local mine = unexpired(KEYS[6])
  local known = false
  for _, member in ipairs(mine) do
    local address, channel, id, born = string.match(member, '^(.-)/(.-)/(.-)/(.-)$')
    if id == request.session or
      (address == request.address and channel == request.channel and tonumber(born) > now - request.probeMs) then
      session, known = member, true
      break
    end
  end
  if not known and present(viewer.maxStreams) and viewer.maxStreams > 0 and #mine >= viewer.maxStreams then
    if viewer.whenFull ~= 'replace' then return cjson.encode({ code = 'viewer_limit' }) end
    local oldestBorn = math.huge
    for _, member in ipairs(mine) do
      local born = tonumber(string.match(member, '([^/]+)$'))
      if born < oldestBorn then replaced, oldestBorn = member, born end
    end
  end
end

-- Only who is admitted takes another session's place.
local function admitted(code, live, streamer)
  if viewer and not request.dry then
    if replaced then redis.call('ZREM', KEYS[6], replaced) end
    redis.call('ZADD', KEYS[6], expiry, session)
    redis.call('PEXPIRE', KEYS[6], request.leaseMs * 2)
  end
  return cjson.encode({
    code = code, streamer = live.streamer, address = streamer.address, lease = live.lease,
    source = live.source, profile = live.profile, feed = live.feed, session = session,
    viewer = viewer and request.username or none, yielded = live.yielded or none,
  })
end

-- Join before open: a channel that is live somewhere costs nothing. Its lease lives at least until the
-- joiner can have arrived. A streamer that drains takes nobody any more.
local leasesOf = {}
for index = 1, #request.sources do leasesOf[request.sources[index]] = KEYS[5 + index * 2] end

local current = redis.call('HGET', KEYS[4], request.channel)
if current then
  local live = cjson.decode(current)
  local leases = leasesOf[live.source]
  local member = live.profile .. '/' .. request.channel .. '/' .. live.lease
  local score = leases and redis.call('ZSCORE', leases, member)
  local streamer = streamers[live.streamer]
  local takes = streamer and (not streamer.draining or live.lease == request.lease)
  if score and tonumber(score) > now and takes then
    if request.dry then return admitted('join', live, streamer) end
    if tonumber(score) < expiry then redis.call('ZADD', leases, 'XX', expiry, member) end
    if present(live.idleSince) then
      live.idleSince = none
      redis.call('HSET', KEYS[4], request.channel, cjson.encode(live))
    end
    return admitted(live.lease == request.lease and 'open' or 'join', live, streamer)
  end
end

-- The streamer for a new live stream: the preferred one, else same region, then fewest viewers.
local best = nil
for id, record in pairs(streamers) do
  if not record.draining then
    local rank = { id == request.prefer and 0 or 1, record.region == request.region and 0 or 1,
      record.viewers, record.streams, id }
    local better = best == nil
    for i = 1, #rank do
      if better or rank[i] ~= best.rank[i] then
        better = better or rank[i] < best.rank[i]
        break
      end
    end
    if better then best = { id = id, record = record, rank = rank } end
  end
end
if not best then return cjson.encode({ code = 'no_streamer' }) end

-- The profiles of a source that may be used, best first, each with the members of its leases.
local function profilesOf(index)
  local sourceText = redis.call('HGET', KEYS[1], request.sources[index])
  if not sourceText then return {} end
  local source = cjson.decode(sourceText)
  if not source.enabled then return {} end
  local leases, reports = KEYS[5 + index * 2], KEYS[6 + index * 2]
  local members = unexpired(leases)
  local usable = {}
  for _, profile in ipairs(source.profiles) do
    local report = redis.call('HGET', reports, profile.id)
    report = report and cjson.decode(report) or {}
    local expired = present(report.expiresAt) and report.expiresAt <= now
    local refused = report.status == 'expired' or report.status == 'banned' or report.status == 'disabled'
    if profile.enabled and not expired and not refused then
      local limit = math.huge
      if present(profile.maxStreams) and profile.maxStreams > 0 then limit = profile.maxStreams end
      if present(report.maxConnections) and report.maxConnections > 0 then
        limit = math.min(limit, report.maxConnections)
      end
      local mine = {}
      for _, member in ipairs(members) do
        if string.sub(member, 1, #profile.id + 1) == profile.id .. '/' then mine[#mine + 1] = member end
      end
      usable[#usable + 1] = { id = profile.id, priority = profile.priority, limit = limit, members = mine }
    end
  end
  table.sort(usable, function(a, b)
    if a.priority ~= b.priority then return a.priority < b.priority end
    return a.id < b.id
  end)
  return usable
end

-- The stream on this profile that nobody has watched for longest: it yields its connection, and its
-- streamer opens the next one, so it must be one that takes viewers.
local function idleOn(profile)
  local idle = nil
  for _, member in ipairs(profile.members) do
    local channel, lease = string.match(member, '^[^/]+/([^/]+)/([^/]+)$')
    local text = redis.call('HGET', KEYS[4], channel)
    local live = text and cjson.decode(text)
    local streamer = live and streamers[live.streamer]
    if live and live.lease == lease and present(live.idleSince) and streamer and not streamer.draining
      and (idle == nil or live.idleSince < idle.live.idleSince) then
      idle = { member = member, channel = channel, live = live }
    end
  end
  return idle
end

local function open(feed, profile, yielding)
  local leases = leasesOf[request.sources[feed.source]]
  local streamer = best.id
  if yielding then
    if not request.dry then
      redis.call('ZREM', leases, yielding.member)
      redis.call('HDEL', KEYS[4], yielding.channel)
    end
    -- The same streamer, so that the old connection is closed before the new one is opened.
    streamer = yielding.live.streamer
  end
  local live = {
    lease = request.lease, source = request.sources[feed.source], profile = profile.id, feed = feed.id,
    streamer = streamer, idleSince = none, yielded = yielding and yielding.live.lease or none,
  }
  if not request.dry then
    redis.call('ZADD', leases, expiry, profile.id .. '/' .. request.channel .. '/' .. request.lease)
    redis.call('HSET', KEYS[4], request.channel, cjson.encode(live))
  end
  return admitted('open', live, streamers[streamer])
end

local profiles = {}
for _, feed in ipairs(request.feeds) do
  profiles[feed.source] = profiles[feed.source] or profilesOf(feed.source)
  for _, profile in ipairs(profiles[feed.source]) do
    if #profile.members < profile.limit then return open(feed, profile, nil) end
    local idle = idleOn(profile)
    if idle then return open(feed, profile, idle) end
  end
end
return cjson.encode({ code = 'no_capacity' })
