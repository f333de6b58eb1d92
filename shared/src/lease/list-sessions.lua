-- list-sessions: the sessions that viewers have now.
--
-- KEYS  each viewer's sessions
-- Returns JSON: for each key the list of its members, the oldest first to run out; null where there is none.
local now = redisNow()
local lists = {}
for at, key in ipairs(KEYS) do
  lists[at] = listOrNull(redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf'))
end
return cjson.encode(lists)
