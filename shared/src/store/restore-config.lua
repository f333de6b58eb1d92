-- restore-config: gives the store back its configuration when it has lost all of it. Does nothing where any is.
--
-- KEYS  1 config:version  2 config:settings  3 config:sources  4 config:viewers  5 config:edits
--       6 config:transcode-profiles  7 config:settings-by-api  8 config:epg  9 imports:due  10 profiles:due
-- ARGV  1 JSON ConfigCopy (config-copy.ts): the version, hashes as flat lists in the order of KEYS 2 to 7, epg
-- Returns 1 when it was restored, else 0.
for at = 1, 8 do
  if redis.call('EXISTS', KEYS[at]) == 1 then return 0 end
end
local copy = cjson.decode(ARGV[1])
for index, fields in ipairs(copy.hashes) do
  for at = 1, #fields, 2 do redis.call('HSET', KEYS[index + 1], fields[at], fields[at + 1]) end
end
if copy.epg ~= cjson.null then redis.call('SET', KEYS[8], copy.epg) end
-- A version that nobody has read yet.
redis.call('SET', KEYS[1], copy.version + 1)
-- What was due is lost as well: every source is imported anew, and every provider is asked.
local sources = copy.hashes[2]
for at = 1, #sources, 2 do
  redis.call('ZADD', KEYS[9], 0, sources[at])
  for _, profile in ipairs(cjson.decode(sources[at + 1]).profiles) do
    if profile.hasLogin then redis.call('ZADD', KEYS[10], 0, sources[at] .. '/' .. profile.id) end
  end
end
return 1
