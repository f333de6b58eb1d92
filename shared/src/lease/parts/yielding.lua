-- yielding (a part): the stream that nobody has watched for longest gives its connection to whoever needs it.

-- Since when nobody watches a stream; nil while somebody does. Its streamer says so, but it does not know of those who
-- were sent to it and never came, or who watched through another streamer, which died. While the store recovers from
-- having been away, those may only not have been able to say so.
local function unwatchedSince(live, streamers, now, recovering)
  if present(live.idleSince) then return live.idleSince end
  if recovering then return nil end
  local since = nil
  for streamer in pairs(live.crowds) do
    if streamers[streamer] then return nil end
    since = 0
  end
  for _, watcher in pairs(live.watchers) do
    local isLate = watcher[3] > 0 and watcher[3] <= now
    if streamers[watcher[1]] and not isLate then return nil end
    since = math.max(since or 0, isLate and watcher[3] or 0)
  end
  return since
end

-- The idle stream on a profile that yields: {member, name, live, since}; nil when there is none. Its streamer is to
-- open the next one, so that the old connection is closed first: it must be running.
local function idleOn(profile, liveKey, streamers, now, recovering)
  local idle = nil
  for _, member in ipairs(profile.members) do
    local name, lease = namesIn(member)
    local live = readLive(liveKey, name)
    if live and live.lease == lease and streamers[live.streamer] then
      local since = unwatchedSince(live, streamers, now, recovering)
      if since and (idle == nil or since < idle.since) then
        idle = { member = member, name = name, live = live, since = since }
      end
    end
  end
  return idle
end
