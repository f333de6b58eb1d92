-- profiles (a part): the provider profiles of a source, and the room that they have.

-- A lease that ran out is kept for so long: its streamer may only have been cut off from the store.
local keptMs = 10 * 60 * 1000

-- The members of a source's leases that hold a slot, by profile. While the store recovers from having been
-- away, leases that nobody could renew meanwhile hold theirs too.
local function heldByProfile(leasesKey, now, recovering)
  local from = recovering and now - keptMs or now
  local held = {}
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', leasesKey, '(' .. from, '+inf')) do
    local profile = string.match(member, '^([^/]+)/')
    held[profile] = held[profile] or {}
    table.insert(held[profile], member)
  end
  return held
end

-- Why a profile cannot be used at all right now; nil when it can.
local function reasonAgainst(profile, report, now)
  if not profile.enabled then return 'disabled' end
  if present(report.expiresAt) and report.expiresAt <= now then return 'expired' end
  for _, status in ipairs({ 'expired', 'banned', 'disabled', 'wrong_password' }) do
    if report.status == status then return status end
  end
  if present(report.refusedUntil) and report.refusedUntil > now then return 'refused' end
  return nil
end

-- The lower of the manual limit and what the provider reports; 0 or nothing is no limit.
local function limitOf(profile, report)
  local limit = math.huge
  if present(profile.maxStreams) and profile.maxStreams > 0 then limit = profile.maxStreams end
  if present(report.maxConnections) and report.maxConnections > 0 then
    limit = math.min(limit, report.maxConnections)
  end
  return limit
end

-- Every profile of a source, best first: id, primary, hasLogin, ownServer, limit (math.huge = none), members of its
-- leases, elsewhere, room, reason (nil = usable), report. A disabled source's profiles are disabled.
local function readProfiles(source, leasesKey, reportsKey, now, recovering)
  local held = heldByProfile(leasesKey, now, recovering)
  local profiles = {}
  for _, profile in ipairs(source.profiles) do
    local text = redis.call('HGET', reportsKey, profile.id)
    local report = text and cjson.decode(text) or {}
    local members = held[profile.id] or {}
    local limit = limitOf(profile, report)
    local elsewhere = present(report.elsewhere) and report.elsewhere or 0
    local reason = reasonAgainst(profile, report, now)
    if not source.enabled then reason = 'disabled' end
    -- Nobody knows yet who holds what: until every streamer had its turn to say so, nothing new is opened.
    if recovering == 'empty' and limit < math.huge then reason = reason or 'recovering' end
    profiles[#profiles + 1] = {
      id = profile.id, name = profile.name, primary = profile.primary, enabled = profile.enabled,
      priority = profile.priority, hasLogin = profile.hasLogin, ownServer = profile.ownServer, limit = limit,
      members = members, elsewhere = elsewhere, room = limit - #members - elsewhere, reason = reason,
      report = report,
    }
  end
  table.sort(profiles, function(a, b)
    if a.priority ~= b.priority then return a.priority < b.priority end
    return a.id < b.id
  end)
  return profiles
end
