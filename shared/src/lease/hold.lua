-- hold: a streamer takes up a lease that it was given a ticket for, or makes sure that it still has it.
--
-- KEYS  1 the source's leases  2 live  3 epoch
-- ARGV  1 JSON request:
--       streamer, epoch (the one it saw last), leaseMs
--       profile, key, lease      the lease, and the key of its live stream
--       mine                     [member]: the leases on the same profile that the streamer holds
--       session, viewer          who came to watch ("" and "" for nobody that is not known yet)
-- Returns JSON {held, ranOut, stale, lost = [member]}. ranOut: it could not be renewed in time, and nobody else has it
-- yet: a heartbeat takes it up again if there is still room. lost: what of `mine` is somebody else's by now; its
-- connections must be closed before another one is opened. stale: the epoch is another, so the streamer must first
-- assert what it holds; nothing was decided.
local request = cjson.decode(ARGV[1])
local now = redisNow()
if redis.call('GET', KEYS[3]) ~= request.epoch then
  return cjson.encode({ held = false, ranOut = false, stale = true })
end

local lost = {}
for _, member in ipairs(request.mine) do
  -- One that only ran out may be taken up again, and is: at the next heartbeat.
  if not redis.call('ZSCORE', KEYS[1], member) then lost[#lost + 1] = member end
end

local member = request.profile .. '/' .. request.key .. '/' .. request.lease
local score = redis.call('ZSCORE', KEYS[1], member)
local held = score and tonumber(score) > now
if held then
  redis.call('ZADD', KEYS[1], 'XX', now + request.leaseMs, member)
  local live = readLive(KEYS[2], request.key)
  -- A streamer that was started anew at the same address takes up its predecessor's tickets.
  if live and live.lease == request.lease and live.streamer ~= request.streamer then
    live.streamer = request.streamer
    writeLive(KEYS[2], request.key, live)
  end
  if live and live.lease == request.lease and request.session ~= '' then
    -- It has come, and stays listed until the streamer says of all its viewers who they are.
    expectWatcher(live, request.session, request.streamer, request.viewer, -(now + request.leaseMs), now)
    writeLive(KEYS[2], request.key, live)
  end
end
return cjson.encode({
  held = held and true or false, ranOut = score and not held and true or false, stale = false,
  lost = listOrNull(lost),
})
