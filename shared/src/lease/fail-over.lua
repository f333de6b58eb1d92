-- fail-over: the upstream of a live stream has failed; on which connection does it go on? The lease moves with the
-- stream and keeps its id, so viewers and relays stay with it. The streamer has closed the old upstream.
--
-- KEYS  1 config:sources  2 live  3 streamers  4 recovering  5 epoch
--       6.. for each source in request.sources, in order: its leases, its reports, its ended leases;
--       then for each feed in request.feeds, in order: its health
-- ARGV  1 JSON request:
--       streamer, epoch, key   who asks, the epoch that it saw last, and the key of the live stream
--       lease            that it runs on; of the origin, when it is relayed
--       move             random: a repeated call has no second effect
--       origin           the streamer that it is relayed from; "" when the connection is the asking streamer's own
--       originGone       nothing listens there any more: its connection may be taken over. So may that of one whose
--                        heartbeat is overdue (silentMs), whatever is the matter with it
--       newLease         under which a relayed stream gets a connection of its own
--       watchers         who watches it at the asking streamer (watchers.lua)
--       sources          distinct source ids, that of the lease among them; feeds = [{id, source = index into sources,
--                        login, server}] in the order in which they are to be tried
--       skip             what is not to be tried (candidates.lua)
--       leaseMs, streamerDeadMs, silentMs
-- Returns JSON {code = …}: open {lease, source, profile, feed, yielded, failing}; relay {streamer, lease, source,
--       profile, feed}: it is live on another streamer; none {reasons, retryMs}: nothing else has room now; lost: the
--       connection is somebody else's; stale: the store lost its data, so the streamer has to assert what it holds
--       before anything is decided.
local request = cjson.decode(ARGV[1])
local now = redisNow()
local expiry = now + request.leaseMs
local none = cjson.null
if redis.call('GET', KEYS[5]) ~= request.epoch then return cjson.encode({ code = 'stale' }) end
local firstSourceKey, keysPerSource = 6, 3
local isRelayed = request.origin ~= ''
local streamers = readStreamers(KEYS[3], now, request.streamerDeadMs)
local recovering = redis.call('GET', KEYS[4])
local health = readHealth(request.feeds, firstSourceKey + keysPerSource * #request.sources)

local indexOf = {}
for index, source in ipairs(request.sources) do indexOf[source] = index end
local function leasesOf(source) return KEYS[firstSourceKey + keysPerSource * (indexOf[source] - 1)] end
local function endedOf(source) return KEYS[firstSourceKey + keysPerSource * (indexOf[source] - 1) + 2] end
local function memberOf(live) return live.profile .. '/' .. request.key .. '/' .. live.lease end

-- Ends a lease; its provider may count it on for a while.
local function giveBack(live)
  redis.call('ZREM', leasesOf(live.source), memberOf(live))
  noteEnded(endedOf(live.source), live.profile, live.lease, now)
end

local function opened(live)
  live.move = request.move
  redis.call('ZADD', leasesOf(live.source), expiry, memberOf(live))
  -- It may have been there just before.
  redis.call('ZREM', endedOf(live.source), live.profile .. '/' .. live.lease)
  writeLive(KEYS[2], request.key, live)
  return cjson.encode({
    code = 'open', lease = live.lease, source = live.source, profile = live.profile, feed = live.feed,
    yielded = live.yielded, failing = health[live.feed] ~= nil,
  })
end

local function relayed(live)
  return cjson.encode({
    code = 'relay', streamer = live.streamer, lease = live.lease, source = live.source, profile = live.profile,
    feed = live.feed,
  })
end

local live = readLive(KEYS[2], request.key)
if live and live.move == request.move then return opened(live) end
-- Of a source that the channel has no feed of any more.
if live and not indexOf[live.source] then return cjson.encode({ code = isRelayed and 'none' or 'lost', retryMs = 0 }) end
local score = live and tonumber(redis.call('ZSCORE', leasesOf(live.source), memberOf(live)) or nil)
local isHeld = score and score > now

if not isRelayed then
  -- Taken over by one that relayed it: its viewers here can be fed from there.
  if isHeld and live.lease ~= request.lease and live.streamer ~= request.streamer then return relayed(live) end
  if not live or live.lease ~= request.lease or live.streamer ~= request.streamer or not score then
    return cjson.encode({ code = 'lost' })
  end
  -- The store was away: a heartbeat takes it up again, or finds that it is lost.
  if not isHeld then return cjson.encode({ code = 'none', reasons = none, retryMs = 0 }) end
elseif live and isHeld then
  local isOrigins = live.streamer == request.origin and live.lease == request.lease
  local origin = streamers[request.origin]
  local isGone = request.originGone or not origin or origin.at < now - request.silentMs
  if not (isOrigins and isGone) and live.streamer ~= request.streamer then return relayed(live) end
  -- The same feed on the same account, from here. Whoever watched at the origin is gone with it.
  giveBack(live)
  unlist(live, live.streamer, true)
  live.crowds[live.streamer] = nil
  live.streamer, live.lease, live.yielded, live.ended = request.streamer, request.newLease, none, nil
  stateWatchers(live, request.streamer, request.watchers, now)
  return opened(live)
end

local profilesOf = {}
local function profilesFor(index)
  if profilesOf[index] then return profilesOf[index] end
  local key = firstSourceKey + keysPerSource * (index - 1)
  local text = redis.call('HGET', KEYS[1], request.sources[index])
  local profiles = text and readProfiles(cjson.decode(text), KEYS[key], KEYS[key + 1], now, recovering) or {}
  -- The connection that it had is closed: where it was there is room for it, whatever is not known yet of others.
  for _, profile in ipairs(profiles) do
    if not isRelayed and request.sources[index] == live.source and profile.id == live.profile then
      profile.room = profile.room + 1
      if profile.reason == 'recovering' then profile.reason = nil end
    end
  end
  profilesOf[index] = profiles
  return profiles
end

-- Goes on with a feed on a profile; `giving` is the unwatched stream that loses its connection for it, if one does.
local function open(feed, profile, giving)
  local source = request.sources[feed.source]
  if giving then
    redis.call('ZREM', leasesOf(source), giving.member)
    redis.call('HDEL', KEYS[2], giving.name)
    noteEnded(endedOf(source), profile.id, giving.live.lease, now)
  end
  if isRelayed then
    live = {
      lease = request.newLease, streamer = request.streamer, idleSince = none, displaced = none,
      watchers = {}, crowds = {},
    }
    stateWatchers(live, request.streamer, request.watchers, now)
  elseif source ~= live.source or profile.id ~= live.profile then
    giveBack(live)
  end
  live.source, live.profile, live.feed = source, profile.id, feed.id
  live.yielded = giving and giving.live.lease or none
  return opened(live)
end

local choice = chooseFrom(request, health, profilesFor, now)
for _, candidate in ipairs(choice.candidates) do
  for _, profile in ipairs(candidate.profiles) do
    if profile.room > 0 then return open(candidate.feed, profile, nil) end
  end
  for _, profile in ipairs(candidate.profiles) do
    local idle = profile.room == 0 and idleOn(profile, KEYS[2], streamers, now, recovering)
    -- Whoever opens the next one has to close the old one first.
    if idle and idle.live.streamer == request.streamer and idle.name ~= request.key then
      return open(candidate.feed, profile, idle)
    end
    if profile.room <= 0 then choice.reasons.full = true end
  end
end
return cjson.encode({ code = 'none', reasons = listOrNull(reasonsOf(choice)), retryMs = choice.retryMs })
