-- viewer (a part): who asks, what they may watch, and their sessions.
-- A session's member is `address/channel/id/born`.

-- The viewer's record (nil where the playlist is public and nobody logged in), or nil and the refusal.
local function authenticate(request, viewersKey, settingsKey, now)
  if request.unattended or request.admin then return nil, nil end
  local viewer = nil
  if request.username ~= '' then
    local stored = redis.call('HGET', viewersKey, request.username)
    if stored then
      local record = cjson.decode(stored)
      if request.trusted or record.check == request.check then viewer = record end
    end
  end
  if not viewer then
    if redis.call('HGET', settingsKey, 'publicPlaylist') ~= 'true' then return nil, { code = 'unauthorized' } end
    return nil, nil
  end
  if not viewer.enabled then return nil, { code = 'forbidden', reason = 'disabled' } end
  if present(viewer.expiresAt) and viewer.expiresAt <= now then
    return nil, { code = 'forbidden', reason = 'expired' }
  end
  if not present(viewer.groups) then return viewer, nil end
  for _, mine in ipairs(viewer.groups) do
    for _, group in ipairs(request.groups) do
      if mine == group then return viewer, nil end
    end
  end
  return nil, { code = 'forbidden', reason = 'group' }
end

-- Whether a request is another connection of this session: it names it, or it is a player's probe (the same
-- channel from the same address within seconds), or another range of the same film.
local function isSameSession(member, request, now)
  local address, channel, id, born = string.match(member, '^(.-)/(.-)/(.-)/(.-)$')
  if id == request.session then return true end
  if address ~= request.address or channel ~= request.channel then return false end
  return request.solo or tonumber(born) > now - request.probeMs
end

-- The id of a session, from its member.
local function idOf(member)
  return string.match(member, '^.-/.-/(.-)/')
end

local function isFrom(member, address)
  return string.sub(member, 1, #address + 1) == address .. '/'
end

local function oldestOf(members)
  local oldest, oldestBorn = nil, math.huge
  for _, member in ipairs(members) do
    local born = tonumber(string.match(member, '([^/]+)$'))
    if born < oldestBorn then oldest, oldestBorn = member, born end
  end
  return oldest
end

-- Whether one of these sessions is the same player's on another channel: it may be about to end.
local function mayBeZapping(members, request)
  for _, member in ipairs(members) do
    if isFrom(member, request.address) then return true end
  end
  return false
end
