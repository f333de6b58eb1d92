-- hold: a streamer takes up a lease that it was given a ticket for, or makes sure that it still has it.
--
-- KEYS  1 the source's leases  2 live  3 epoch  4 streamers
-- ARGV  1 JSON request:
--       streamer, epoch (the one it saw last), leaseMs, deadMs
--       profile, key, lease      the lease, and the key of its live stream
--       mine                     [member]: the leases on the same profile that the streamer holds
--       session, viewer          who came to watch ("" and "" for nobody that is not known yet)
-- Returns JSON {held, ranOut, stale, lost = [member], holder}. holder: the streamer that has it, which runs: the stream
-- can be relayed from there. ranOut: it could not be renewed in time, and nobody else has it
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

-- Whether another streamer runs, and at another address.
local function runsApart(id)
  local text = redis.call('HGET', KEYS[4], id)
  local other = text and cjson.decode(text)
  if not other or other.at <= now - request.deadMs then return false end
  local own = redis.call('HGET', KEYS[4], request.streamer)
  return not (own and cjson.decode(own).address == other.address)
end

local member = request.profile .. '/' .. request.key .. '/' .. request.lease
local score = redis.call('ZSCORE', KEYS[1], member)
local held = score and tonumber(score) > now
local holder = nil
if held then
  local live = readLive(KEYS[2], request.key)
  -- A streamer that was started anew at the same address takes up its predecessor's tickets; one that was asked in
  -- another's place does not.
  if live and live.lease == request.lease and live.streamer ~= request.streamer then
    if runsApart(live.streamer) then
      held, holder = false, live.streamer
    else
      live.streamer = request.streamer
      writeLive(KEYS[2], request.key, live)
    end
  end
  if held then redis.call('ZADD', KEYS[1], 'XX', now + request.leaseMs, member) end
  if held and live and live.lease == request.lease and request.session ~= '' then
    -- It has come, and stays listed until the streamer says of all its viewers who they are.
    expectWatcher(live, request.session, request.streamer, request.viewer, -(now + request.leaseMs), now)
    writeLive(KEYS[2], request.key, live)
  end
end
return cjson.encode({
  held = held and true or false, ranOut = score and not held and not holder and true or false, stale = false,
  lost = listOrNull(lost), holder = holder,
})
