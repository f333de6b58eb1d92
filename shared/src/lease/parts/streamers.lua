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

-- Whether a streamer takes another viewer: one that drains or is full does not.
local function takesViewers(record)
  return not record.draining and not (present(record.maxViewers) and record.viewers >= record.maxViewers)
end

-- The best streamer that takes a viewer: the preferred one, else of their region, then with fewest viewers.
local function nearest(streamers, request)
  local best = nil
  for id, record in pairs(streamers) do
    if takesViewers(record) then
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
-- origin itself, unless it takes nobody, or another region's streamer is nearer. Nil: nobody takes viewers.
local function place(streamers, origin, request)
  local near = nearest(streamers, request)
  local record = streamers[origin]
  if not takesViewers(record) then return near, near and origin end
  local isFar = request.region ~= '' and record.region ~= request.region
  if isFar and streamers[near].region == request.region then return near, origin end
  return origin, nil
end
