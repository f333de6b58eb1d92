-- candidates (a part): the feeds of a channel that may be tried now, each with the profiles that may be used for it.

-- Whether a feed's address can be made with a profile's own credentials: it is never opened with another's.
local function fits(feed, profile)
  if not feed.login then return profile.primary end
  return profile.hasLogin and (feed.server or not profile.ownServer)
end

-- The health of those feeds that failed lately, by id; `firstKey` indexes KEYS.
local function readHealth(feeds, firstKey)
  local health = {}
  for index, feed in ipairs(feeds) do
    local text = redis.call('GET', KEYS[firstKey + index - 1])
    health[feed.id] = text and cjson.decode(text) or nil
  end
  return health
end

-- Notes why a profile was passed over for a feed, each reason once.
local function passOver(choice, source, profile, reason)
  choice.reasons[reason] = true
  local mark = source .. '/' .. profile.id .. '/' .. reason
  if choice.seen[mark] then return end
  choice.seen[mark] = true
  choice.skipped[#choice.skipped + 1] = { source = source, profile = profile.id, reason = reason }
end

-- In the order of request.feeds: {candidates = [{feed, profiles}], reasons = {reason -> true}, skipped, retryMs}.
-- request.skip names feeds ("feed") and single profiles for one ("feed/profile") that are not to be tried;
-- `profilesFor` gives the profiles of a source by its index.
local function chooseFrom(request, health, profilesFor, now)
  local choice = { candidates = {}, reasons = {}, skipped = {}, seen = {}, retryMs = 0 }
  local isSkipped = {}
  for _, id in ipairs(request.skip) do isSkipped[id] = true end
  for _, feed in ipairs(request.feeds) do
    local failing = health[feed.id]
    if isSkipped[feed.id] then
      choice.reasons.failed = true
    elseif failing and failing.blockedUntil > now then
      choice.reasons.blocked = true
      local left = failing.blockedUntil - now
      choice.retryMs = choice.retryMs == 0 and left or math.min(choice.retryMs, left)
    else
      local usable = {}
      local source = request.sources[feed.source]
      for _, profile in ipairs(profilesFor(feed.source)) do
        if profile.reason then passOver(choice, source, profile, profile.reason)
        elseif not fits(feed, profile) then passOver(choice, source, profile, 'not_rebuildable')
        elseif isSkipped[feed.id .. '/' .. profile.id] then choice.reasons.failed = true
        else usable[#usable + 1] = profile end
      end
      choice.candidates[#choice.candidates + 1] = { feed = feed, profiles = usable }
    end
  end
  return choice
end

-- The reasons in a fixed order.
local function reasonsOf(choice)
  local why = {}
  for reason in pairs(choice.reasons) do why[#why + 1] = reason end
  table.sort(why)
  return why
end
