-- beat: a streamer's heartbeat, the renewal of all its leases and sessions, and its errands, in one call.
--
-- KEYS  1 streamers  2 live  3 config:version  4 imports:due  5 epoch  6 recovering  7 profiles:due
--       8 config:sources  9 config:viewers  10 streamers:to-drain
--       11.. what ARGV refers to by index: a source's leases, its reports behind it; viewers' sessions
-- ARGV  1 JSON request:
--       streamer, record   its id and StreamerRecord ("at" is set here)
--       epoch, newEpoch    the epoch it saw last ("" at first), a random one in case none is stored
--       leaseMs, deadMs, recoverMs
--       asserts            true: the store lost its data, and this is all that the streamer holds
--       leases   [{key, source, members}]
--       changes  {member -> {watchers, live}}: who watches now, where that changed (watchers.lua); LiveRecord, when it
--                asserts
--       relays   [{name, lease, watchers}]: the same of live streams that another streamer holds
--       sessions [{key, viewer, members}]
--       checkViewers       whether their viewers may still watch is to be looked at
-- Returns JSON {now, epoch, lostData, configVersion, importsDue, profilesDue, drain, lostLeases = [member],
--       lostSessions = [member], unheardRelays = [lease]: of live streams that the store does not know (yet)}
-- drain: the edge wants this streamer to take nobody new, and to leave when it is empty.
-- A lease that is gone while the epoch is the same was given to somebody else: its streamer must stop. One that ran
-- out while the store was away is taken up again if there is still room. lostData: the epoch is another, so nothing
-- was renewed; the streamer is to call again and assert everything.
local request = cjson.decode(ARGV[1])
local now = redisNow()
local expiry = now + request.leaseMs

local epoch = redis.call('GET', KEYS[5])
if not epoch then
  epoch = request.newEpoch
  redis.call('SET', KEYS[5], epoch)
end
local lostData = request.epoch ~= '' and request.epoch ~= epoch

-- Others may have been cut off too: for the time in which they have their next heartbeat, what ran out is theirs.
local before = redis.call('HGET', KEYS[1], request.streamer)
if lostData then
  redis.call('SET', KEYS[6], 'empty', 'PX', request.recoverMs)
elseif before and cjson.decode(before).at < now - request.deadMs and not redis.call('GET', KEYS[6]) then
  redis.call('SET', KEYS[6], 'late', 'PX', request.recoverMs)
end
request.record.at = now
redis.call('HSET', KEYS[1], request.streamer, cjson.encode(request.record))

local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, 1)
local profilesDue = redis.call('ZRANGEBYSCORE', KEYS[7], '-inf', now, 'LIMIT', 0, 1)
local reply = {
  now = now, epoch = epoch, lostData = lostData and not request.asserts,
  configVersion = redis.call('GET', KEYS[3]) or '0', importsDue = #due > 0, profilesDue = #profilesDue > 0,
  drain = redis.call('ZSCORE', KEYS[10], request.streamer) and true or false,
}
if reply.lostData then return cjson.encode(reply) end

local profilesOf = {}
-- Whether a profile has room for a lease that ran out: its slot may have been given to somebody meanwhile.
local function hasRoom(group, member)
  local profiles = profilesOf[group.source]
  if not profiles then
    local text = redis.call('HGET', KEYS[8], group.source)
    profiles = text and readProfiles(cjson.decode(text), KEYS[group.key], KEYS[group.key + 1], now, false) or {}
    profilesOf[group.source] = profiles
  end
  local id = string.match(member, '^([^/]+)/')
  for _, profile in ipairs(profiles) do
    if profile.id == id then
      if #profile.members >= profile.limit then return false end
      profile.members[#profile.members + 1] = member
      return true
    end
  end
  -- A source that was removed has no limit any more.
  return true
end

-- Whether the store knows the live stream.
local function state(name, lease, watchers)
  local live = readLive(KEYS[2], name)
  if not live or live.lease ~= lease then return false end
  stateWatchers(live, request.streamer, watchers, now)
  writeLive(KEYS[2], name, live)
  return true
end

-- Nobody takes up again what its streamer was told that it has lost.
local function forget(key, member, name, lease)
  redis.call('ZREM', key, member)
  local live = readLive(KEYS[2], name)
  if live and live.lease == lease then redis.call('HDEL', KEYS[2], name) end
end

local lostLeases = {}
local function renew(group, member)
  local key = KEYS[group.key]
  local name, lease = namesIn(member)
  local change = request.changes[member] or {}
  local score = redis.call('ZSCORE', key, member)
  local isHeld = score and tonumber(score) > now
  if request.asserts then
    -- What the others assert is theirs: the first one has the channel.
    redis.call('ZADD', key, expiry, member)
    redis.call('HSETNX', KEYS[2], name, cjson.encode(change.live))
    isHeld = true
  elseif isHeld or (score and hasRoom(group, member)) then
    redis.call('ZADD', key, 'XX', expiry, member)
    isHeld = true
  end
  if not isHeld then
    lostLeases[#lostLeases + 1] = member
    if score then forget(key, member, name, lease) end
  elseif present(change.watchers) then
    state(name, lease, change.watchers)
  end
end
for _, group in ipairs(request.leases) do
  for _, member in ipairs(group.members) do renew(group, member) end
end
local unheardRelays = {}
for _, relayed in ipairs(request.relays) do
  if not state(relayed.name, relayed.lease, relayed.watchers) then
    unheardRelays[#unheardRelays + 1] = relayed.lease
  end
end

local viewers = {}
local function viewerOf(username)
  if viewers[username] == nil then
    local text = redis.call('HGET', KEYS[9], username)
    viewers[username] = text and cjson.decode(text) or false
  end
  return viewers[username]
end
local function mayWatch(viewer)
  return viewer and viewer.enabled and not (present(viewer.expiresAt) and viewer.expiresAt <= now)
end
local function hasPlace(key, viewer)
  if not viewer then return false end
  if not present(viewer.maxStreams) or viewer.maxStreams <= 0 then return true end
  return redis.call('ZCOUNT', key, '(' .. now, '+inf') < viewer.maxStreams
end

local lostSessions = {}
local function renewSession(group, member)
  local key = KEYS[group.key]
  local score = redis.call('ZSCORE', key, member)
  local isHeld = request.asserts or (score and (tonumber(score) > now or hasPlace(key, viewerOf(group.viewer))))
  -- Not where the store has lost its config too: nobody was removed there.
  if isHeld and request.checkViewers and reply.configVersion ~= '0' then isHeld = mayWatch(viewerOf(group.viewer)) end
  if isHeld then
    redis.call('ZADD', key, expiry, member)
    redis.call('PEXPIRE', key, request.leaseMs * 60)
  else
    if score then redis.call('ZREM', key, member) end
    lostSessions[#lostSessions + 1] = member
  end
end
for _, group in ipairs(request.sessions) do
  for _, member in ipairs(group.members) do renewSession(group, member) end
end
reply.lostLeases = listOrNull(lostLeases)
reply.lostSessions = listOrNull(lostSessions)
reply.unheardRelays = listOrNull(unheardRelays)
return cjson.encode(reply)
