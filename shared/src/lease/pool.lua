-- pool: how full the provider profiles of a source are, by the rules that admission goes by.
--
-- KEYS  1 config:sources  2 the source's leases  3 its reports  4 recovering
-- ARGV  1 source id
-- Returns JSON {profiles = [{id, name, primary, enabled, priority, active, max, elsewhere, room, reason, status,
-- expiresAt, reportedAt, activeConnections}]}, best first; max and room are null without a limit; reason is null
-- for a profile that can be used. "" when there is no such source.
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return '' end
local shown = {}
local function finite(number) return number < math.huge and number or cjson.null end
for _, profile in ipairs(readProfiles(cjson.decode(text), KEYS[2], KEYS[3], redisNow(), redis.call('GET', KEYS[4]))) do
  local report = profile.report
  -- A refusal is kept of profiles that were not asked about yet, too.
  if report.at == 0 then report = {} end
  shown[#shown + 1] = {
    id = profile.id, name = profile.name, primary = profile.primary, enabled = profile.enabled,
    priority = profile.priority, active = #profile.members, max = finite(profile.limit),
    elsewhere = profile.elsewhere, room = finite(math.max(0, profile.room)), reason = profile.reason or cjson.null,
    status = report.status or cjson.null, expiresAt = report.expiresAt or cjson.null,
    reportedAt = report.at or cjson.null, activeConnections = report.activeConnections or cjson.null,
  }
end
return cjson.encode({ profiles = listOrNull(shown) })
