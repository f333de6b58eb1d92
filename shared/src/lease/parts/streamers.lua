-- streamers (a part): who runs, and where a viewer goes.

-- Those that were heard of lately, by id.
local function readStreamers(key, now, deadMs)
  local streamers = {}
  local stored = redis.call('HGETALL', key)
  for i = 1, #stored, 2 do
    local record = cjson.decode(stored[i + 1])
    if record.at > now - deadMs then streamers[stored[i]] = record end
  end
  return streamers
end

-- The scheme that a streamer's address must have: the player's, or that of the streamer that asks, by whose address
-- its player came. "" = any.
local function schemeFor(streamers, request)
  local asking = streamers[request.prefer]
  return asking and string.match(asking.address, '^%a+') or request.scheme
end

-- Whether the player follows a redirect to a streamer: some (ExoPlayer) do not leave the scheme that they came by.
local function isReachable(record, request)
  return request.scheme == '' or string.match(record.address, '^%a+') == request.scheme
end

-- Whether a streamer takes this viewer: one that drains or is full takes nobody.
local function takesViewers(record, request)
  local isFull = present(record.maxViewers) and record.viewers >= record.maxViewers
  return not record.draining and not isFull and isReachable(record, request)
end

-- The answer when no streamer takes the viewer: with the player's scheme where some have another one.
local function noStreamer(streamers, request)
  local answer = { code = 'no_streamer' }
  for _, record in pairs(streamers) do
    if not isReachable(record, request) then answer.scheme = request.scheme end
  end
  return cjson.encode(answer)
end

-- The best streamer that takes a viewer: the preferred one, else of their region, then with fewest viewers.
local function nearest(streamers, request)
  local best = nil
  for id, record in pairs(streamers) do
    if takesViewers(record, request) then
      local rank = { id == request.prefer and 0 or 1, record.region == request.region and 0 or 1,
        record.viewers, record.streams, id }
      local better = best == nil
      for i = 1, #rank do
        if better or rank[i] ~= best.rank[i] then
          better = better or rank[i] < best.rank[i]
          break
        end
      end
      if better then best = { id = id, rank = rank } end
    end
  end
  return best and best.id
end

-- Where a viewer goes for a stream that `origin` holds, and whether that one relays it from the origin: the
-- origin itself, unless it does not take them, or another region's streamer is nearer. Nil: none takes them.
local function place(streamers, origin, request)
  local near = nearest(streamers, request)
  local record = streamers[origin]
  if not takesViewers(record, request) then return near, near and origin end
  local isFar = request.region ~= '' and record.region ~= request.region
  if isFar and streamers[near].region == request.region then return near, origin end
  return origin, nil
end
