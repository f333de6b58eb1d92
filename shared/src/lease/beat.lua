-- beat: a streamer's heartbeat, the renewal of all its leases and sessions, and its errands, in one call.
--
-- KEYS  1 streamers  2 live  3 config:version  4 imports:due  5 epoch
--       6.. the leases keys, then the viewers' sessions keys, that ARGV refers to by index
-- ARGV  1 JSON request:
--       streamer, record   its id and StreamerRecord ("at" is set here)
--       epoch, newEpoch    the epoch it saw last ("" at first), a random one in case none is stored
--       leaseMs
--       leases   [{key, profile, channel, lease, live, watched}]: live = LiveRecord, or null when not shared;
--                watched = somebody watches it, so it is not idle
--       sessions [{key, member}]
-- Returns JSON {epoch, configVersion, importsDue, lostLeases = [lease], lostSessions = [member]}
-- A lease that is gone while the epoch is the same was given to somebody else: its streamer must stop. When
-- the epoch differs, Redis lost its data and what the streamer holds is asserted anew.
local request = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expiry = now + request.leaseMs

local epoch = redis.call('GET', KEYS[5])
if not epoch then
  epoch = request.newEpoch
  redis.call('SET', KEYS[5], epoch)
end
local lostData = request.epoch ~= '' and request.epoch ~= epoch

request.record.at = now
redis.call('HSET', KEYS[1], request.streamer, cjson.encode(request.record))

local lostLeases = {}
for _, held in ipairs(request.leases) do
  local key = KEYS[held.key]
  local member = held.profile .. '/' .. held.channel .. '/' .. held.lease
  if redis.call('ZSCORE', key, member) then
    redis.call('ZADD', key, 'XX', expiry, member)
    local stored = held.watched and redis.call('HGET', KEYS[2], held.channel)
    local live = stored and cjson.decode(stored)
    -- A player that reconnects to its streamer passes no admission: an idle stream is watched again.
    if live and live.lease == held.lease and live.idleSince ~= cjson.null then
      live.idleSince = cjson.null
      redis.call('HSET', KEYS[2], held.channel, cjson.encode(live))
    end
  elseif lostData then
    redis.call('ZADD', key, expiry, member)
    if held.live ~= cjson.null then redis.call('HSETNX', KEYS[2], held.channel, cjson.encode(held.live)) end
  else
    lostLeases[#lostLeases + 1] = held.lease
  end
end

local lostSessions = {}
for _, held in ipairs(request.sessions) do
  local key = KEYS[held.key]
  if lostData or redis.call('ZSCORE', key, held.member) then
    redis.call('ZADD', key, expiry, held.member)
    redis.call('PEXPIRE', key, request.leaseMs * 2)
  else
    lostSessions[#lostSessions + 1] = held.member
  end
end

local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, 1)
return cjson.encode({
  epoch = epoch,
  configVersion = redis.call('GET', KEYS[3]) or '0',
  importsDue = #due > 0,
  lostLeases = #lostLeases > 0 and lostLeases or cjson.null,
  lostSessions = #lostSessions > 0 and lostSessions or cjson.null,
})
