-- acquire: may this viewer watch this channel, on which connection, from which streamer?
-- One round trip decides: viewer, limits, join, lease or take-over, and the streamer (DESIGN.md, data flow 2).
--
-- KEYS  1 config:sources  2 config:settings  3 config:viewers  4 live  5 streamers
--       6 the viewer's sessions (any key when there is no viewer)  7 recovering  8 profiles:due
--       9 the viewer's ended sessions (as 6)
--       10.. for each source in request.sources, in order: its leases, its reports, its ended leases;
--       then for each feed in request.feeds, in order: its health
-- ARGV  1 JSON request:
--       lease, session   ids made by the caller: the call can be repeated without a second effect
--       username, check  the viewer (username "" = none); trusted = true skips the password
--       address          digest of the viewer's network address; addressKnown = false when there was none
--       resumes          the session that is taken up again, with its ticket; "" = none
--       channel, groups  the channel, and the groups it is in
--       key              of its live stream: the channel, or for what is not shared `channel~owner`. The setting
--                        streamMode = direct makes it `channel~session`
--       solo             not shared: all requests of a viewer for it, at any time, are one session, and it is played
--                        where its connection is
--       unattended       nobody watches: an always-on channel is opened. It needs no login
--       admin            the admin watches, who needs no login
--       sources          distinct source ids; feeds = [{id, source = index into sources, login, server}] in
--                        failover order: login = its address holds credentials, server = it is the account's server
--       skip             what is not to be tried (candidates.lua)
--       region, prefer   where the viewer is; a streamer to prefer (its own, when a streamer asks)
--       scheme           "http" or "https": that of the player, which is redirected to no other; "" = any. A streamer
--                        that asks has its own
--       takeOver         whether the viewer's own stream may be ended for it
--       leaseMs, streamerDeadMs, probeMs, comeBackMs, claimMs, questionGapMs (times.ts, report.ts)
--       dry              true: decides, and changes nothing (HEAD)
-- Returns JSON {code = …}; with code "join" or "open": streamer, address, relay (the streamer that holds the
--       connection, when it is another), key, lease, source, profile, feed, session (the member to keep alive), viewer,
--       yielded (the lease whose connection is closed first), ends (sessions that end), failing (the feed failed
--       lately), at (Redis milliseconds), skipped ([{profile, source, reason}]: what was passed over). Codes: join,
--       open, unauthorized, forbidden, viewer_limit (zapping: the session in the way may be about to end),
--       no_streamer (scheme: the player's, where streamers of another one run), no_capacity (reasons, retryMs, zapping,
--       skipped). A reply repeats the first answer for the same lease id, but for `at` and `skipped`.
local request = cjson.decode(ARGV[1])
local now = redisNow()
local expiry = now + request.leaseMs
local none = cjson.null
local firstSourceKey, keysPerSource = 10, 3
local firstHealthKey = firstSourceKey + keysPerSource * #request.sources

local viewer, refusal = authenticate(request, KEYS[3], KEYS[2], now)
if refusal and redis.call('EXISTS', KEYS[1]) == 0 then
  -- The store has lost its data, and the streamers' next heartbeat restores it: nobody is a stranger yet.
  return cjson.encode({
    code = 'no_capacity', reasons = { 'recovering' }, retryMs = 0, skipped = none, zapping = false,
  })
end
if not refusal and viewer and wasEnded(KEYS[9], request.resumes) then
  refusal = { code = 'forbidden', reason = 'ended' }
end
if refusal then return cjson.encode(refusal) end
local username = viewer and request.username or ''
local streamers = readStreamers(KEYS[5], now, request.streamerDeadMs)
request.scheme = schemeFor(streamers, request)
-- STREAM_MODE=direct: nothing is shared, so each session has a live stream of its own.
local isDirect = not request.solo and redis.call('HGET', KEYS[2], 'streamMode') == '"direct"'
local current = not isDirect and readLive(KEYS[4], request.key) or nil

-- The session: a new one, unless this is another connection of one that is known. A viewer at their limit is
-- refused, or their oldest session ends.
local session = request.address .. '/' .. request.channel .. '/' .. request.session .. '/' .. now
local mine, replaced = {}, nil
if viewer then
  if not request.dry then redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - keptMs) end
  mine = redis.call('ZRANGEBYSCORE', KEYS[6], '(' .. now, '+inf')
elseif current then
  -- Who has no login has no list of sessions; the stream itself knows who watches it.
  for member, watcher in pairs(current.watchers) do
    if watcher[2] == '' then mine[#mine + 1] = member end
  end
end
local known = false
for _, member in ipairs(mine) do
  if isSameSession(member, request, now) then
    session, known = member, true
    break
  end
end
if isDirect then
  request.key = request.channel .. '~' .. idOf(session)
  current = readLive(KEYS[4], request.key)
end
if viewer and not known and present(viewer.maxStreams) and viewer.maxStreams > 0 and #mine >= viewer.maxStreams then
  if viewer.whenFull ~= 'replace' then
    return cjson.encode({ code = 'viewer_limit', zapping = mayBeZapping(mine, request) })
  end
  replaced = oldestOf(mine)
end

local health = readHealth(request.feeds, firstHealthKey)
local skipped = {}

-- Only who is admitted takes another session's place; `ends` are all sessions that end for this one.
local function admitted(code, live, streamer, relay, ends)
  if not request.dry then
    if viewer then
      if replaced then
        redis.call('ZREM', KEYS[6], replaced)
        forgetWatcher(KEYS[4], replaced, now)
      end
      redis.call('ZADD', KEYS[6], expiry, session)
      redis.call('PEXPIRE', KEYS[6], request.leaseMs * 60)
    end
    -- So that those who come before its next heartbeat do not all go to the same one.
    if not known then
      streamers[streamer].viewers = streamers[streamer].viewers + 1
      redis.call('HSET', KEYS[5], streamer, cjson.encode(streamers[streamer]))
    end
  end
  return cjson.encode({
    code = code, streamer = streamer, address = streamers[streamer].address, relay = relay or none,
    key = request.key, lease = live.lease, source = live.source, profile = live.profile, feed = live.feed,
    session = session, viewer = viewer and username or none, yielded = live.yielded, ends = listOrNull(ends),
    failing = health[live.feed] ~= nil, at = now, skipped = listOrNull(skipped),
  })
end

-- Join before open: what is live somewhere costs nothing. Its lease lives at least until the joiner can have
-- arrived.
local leasesOf = {}
for index, source in ipairs(request.sources) do
  leasesOf[source] = KEYS[firstSourceKey + keysPerSource * (index - 1)]
end
if current and streamers[current.streamer] then
  local leases = leasesOf[current.source]
  local member = current.profile .. '/' .. request.key .. '/' .. current.lease
  local score = leases and redis.call('ZSCORE', leases, member)
  local isRepeated = current.lease == request.lease
  local streamer, relay = current.streamer, nil
  local there = known and current.watchers[session]
  local stays = there and streamers[there[1]] and isReachable(streamers[there[1]], request)
    and (isRepeated or request.prefer == '' and not streamers[there[1]].draining)
  if stays then
    -- Another connection of a session goes where the first one went, even if that is full by now.
    streamer = there[1]
    if streamer ~= current.streamer then relay = current.streamer end
  elseif not request.solo and not (isRepeated and isReachable(streamers[streamer], request)) then
    streamer, relay = place(streamers, streamer, request)
  end
  if score and tonumber(score) > now and streamer then
    -- What is not shared is not relayed either.
    if not isReachable(streamers[streamer], request) then return noStreamer(streamers, request) end
    if not request.dry then
      if tonumber(score) < expiry then redis.call('ZADD', leases, 'XX', expiry, member) end
      expectWatcher(current, session, streamer, username, expiry, now)
      writeLive(KEYS[4], request.key, current)
    end
    if isRepeated then return admitted('open', current, streamer, relay, current.ended or {}) end
    return admitted('join', current, streamer, relay, { replaced })
  end
end

local best = nearest(streamers, request)
if not best then return noStreamer(streamers, request) end

-- Forgets the leases of a source that ran out long ago, and the live streams that were to run on them.
local function forgetLeases(leases)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now - keptMs)) do
    local name, lease = namesIn(member)
    local live = readLive(KEYS[4], name)
    if live and live.lease == lease then redis.call('HDEL', KEYS[4], name) end
    redis.call('ZREM', leases, member)
  end
end

local recovering = redis.call('GET', KEYS[7])
local profilesOf = {}
local function profilesFor(index)
  if profilesOf[index] then return profilesOf[index] end
  local key = firstSourceKey + keysPerSource * (index - 1)
  if not request.dry then forgetLeases(KEYS[key]) end
  local text = redis.call('HGET', KEYS[1], request.sources[index])
  profilesOf[index] = text and readProfiles(cjson.decode(text), KEYS[key], KEYS[key + 1], now, recovering) or {}
  return profilesOf[index]
end

local choice = chooseFrom(request, health, profilesFor, now)
skipped = choice.skipped

-- Opens a feed on a profile; `giving` is the stream that loses its connection for it, if one does.
local function open(feed, profile, giving)
  local source = request.sources[feed.source]
  local origin = giving and giving.live.streamer or best
  local streamer, relay = origin, nil
  if giving and not request.solo then streamer, relay = place(streamers, origin, request) end
  if not streamer then return noStreamer(streamers, request) end
  local ended = { replaced }
  if giving and giving.session and giving.session ~= replaced then ended[#ended + 1] = giving.session end
  local live = {
    lease = request.lease, source = source, profile = profile.id, feed = feed.id, streamer = origin,
    idleSince = none, yielded = giving and giving.live.lease or none, displaced = none, watchers = {}, crowds = {},
    -- Kept for the same request's repetition.
    ended = #ended > 0 and ended or nil,
  }
  if giving and giving.session then
    local address, channel = string.match(giving.session, '^(.-)/(.-)/')
    live.displaced = { address = address, channel = channel, untilMs = now + request.comeBackMs }
    -- Who zaps on keeps out the player from whom they have taken the slot before.
    if address == request.address then live.displaced = giving.live.displaced end
  end
  expectWatcher(live, session, streamer, username, expiry, now)
  if not request.dry then
    if giving then
      redis.call('ZREM', leasesOf[source], giving.member)
      redis.call('HDEL', KEYS[4], giving.name)
      noteEnded(KEYS[firstSourceKey + keysPerSource * (feed.source - 1) + 2], profile.id, giving.live.lease, now)
      if viewer and giving.session then redis.call('ZREM', KEYS[6], giving.session) end
    end
    redis.call('ZADD', leasesOf[source], expiry, profile.id .. '/' .. request.key .. '/' .. request.lease)
    writeLive(KEYS[4], request.key, live)
  end
  return admitted('open', live, streamer, relay, ended)
end

-- Whether the viewer can be sent to where a stream is that loses its connection for them, or be relayed to from there.
local function leadsTo(giving)
  return not request.solo or isReachable(streamers[giving.live.streamer], request)
end

-- In failover order: a free slot, or that of a stream that nobody watches.
for _, candidate in ipairs(choice.candidates) do
  for _, profile in ipairs(candidate.profiles) do
    if profile.room > 0 then return open(candidate.feed, profile, nil) end
  end
  for _, profile in ipairs(candidate.profiles) do
    local idle = profile.room == 0 and idleOn(profile, KEYS[4], streamers, now, recovering)
    if idle and leadsTo(idle) then return open(candidate.feed, profile, idle) end
  end
end
-- Last, what ends somebody's picture: the viewer's own, which they zap away from.
local own = nil
for _, candidate in ipairs(choice.candidates) do
  for _, profile in ipairs(candidate.profiles) do
    local alone = profile.room == 0 and aloneOn(profile, request, username, KEYS[4], streamers, now, recovering)
    if alone and not leadsTo(alone) then alone = nil end
    if alone and alone.isNear then return open(candidate.feed, profile, alone) end
    if alone then
      own = own or { feed = candidate.feed, profile = profile, giving = alone }
    else
      local source = request.sources[candidate.feed.source]
      passOver(choice, source, profile, profile.room + profile.elsewhere > 0 and 'elsewhere' or 'full')
    end
    -- What only the provider counts may have ended: it is asked again soon, but not too often, and not while
    -- somebody asks.
    if profile.elsewhere > 0 and not request.dry then
      local member = request.sources[candidate.feed.source] .. '/' .. profile.id
      local due = tonumber(redis.call('ZSCORE', KEYS[8], member))
      if due and due > now + request.claimMs then
        redis.call('ZADD', KEYS[8], math.max(now, profile.report.at + request.questionGapMs), member)
      end
    end
  end
end
if own then return open(own.feed, own.profile, own.giving) end
-- What fails, or is in nobody's hands yet, is over at a known time; what is full may be free at any moment.
local isFull = choice.reasons.full or choice.reasons.elsewhere
return cjson.encode({
  code = 'no_capacity', reasons = listOrNull(reasonsOf(choice)), retryMs = isFull and 0 or choice.retryMs,
  skipped = listOrNull(skipped),
  -- A stream of the same player may be about to end; of one without a login that is not known.
  zapping = isFull and (viewer and mayBeZapping(mine, request) or not viewer and request.addressKnown) or false,
})
