-- take-over (a part): a viewer who changes channel takes the slot that their own session before holds alone.
-- Same streamer, old upstream closed first: an account of one connection zaps without an error.

-- The player whose stream was taken may try to come back by itself; from another address than the one that has
-- the slot now, that is no zap, and the two would take it from each other for ever.
local function comesBack(live, watching, request, now)
  local displaced = live.displaced
  if not present(displaced) or displaced.untilMs <= now then return false end
  local holder = string.match(watching, '^(.-)/')
  return displaced.channel == request.channel and displaced.address == request.address
    and holder ~= request.address
end

-- Whether a stream's one watcher is the asking viewer. One without a login is known by their address, if that is
-- known at all; several may share it, so only what they play already is taken from them, not what others ask for
-- in the same moment.
local function isOwn(session, watcher, request, username)
  if watcher[2] ~= username then return false end
  if username ~= '' then return true end
  return request.addressKnown and watcher[3] <= 0 and isFrom(session, request.address)
end

-- The stream on a profile that the asking viewer watches alone: {member, name, live, session, isNear}; nil when there
-- is none. isNear: from the asking player's own address, which comes before what they watch elsewhere.
local function aloneOn(profile, request, username, liveKey, streamers, now, recovering)
  if not request.takeOver then return nil end
  local far = nil
  for _, member in ipairs(profile.members) do
    local name, lease = namesIn(member)
    local live = name ~= request.key and readLive(liveKey, name)
    if live and live.lease == lease and streamers[live.streamer] then
      local session, watcher = loneWatcher(live, streamers, now, recovering)
      if session and isOwn(session, watcher, request, username) and not comesBack(live, session, request, now) then
        local isNear = isFrom(session, request.address)
        local alone = { member = member, name = name, live = live, session = session, isNear = isNear }
        if isNear then return alone end
        far = far or alone
      end
    end
  end
  return far
end
