-- clock (a part: functions for the scripts that it stands before): time as Redis has it, what ended
-- lately, and JSON's values.

-- Unix milliseconds.
local function redisNow()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function present(value)
  return value ~= nil and value ~= cjson.null and value ~= false
end

-- Notes that a connection of a profile has ended; providers count it on for a while.
local function noteEnded(key, profile, lease, now)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - 60000)
  redis.call('ZADD', key, now, profile .. '/' .. lease)
  redis.call('PEXPIRE', key, 60000)
end

-- A list for JSON: an empty table would be written as an object.
local function listOrNull(values)
  return #values > 0 and values or cjson.null
end
