-- GETs of paths drawn at random from a file, and what came of them as one line of JSON.
-- Arguments: the file of paths, a seed, and "lists" where a degraded list is to be noticed.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  math.randomseed(tonumber(args[2]) * 1000 + number)
  requests, degraded = {}, 0
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  if args[3] == "lists" then
    response = look
  end
end

function request()
  return requests[math.random(#requests)]
end

function look(status, headers, body)
  if status == 200 and not body:find('"degraded":[]', 1, true) then
    degraded = degraded + 1
  end
end

function done(summary, latency, _)
  local partial = 0
  for _, thread in ipairs(threads) do
    partial = partial + thread:get("degraded")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "slowest": %f, "lost": %d, ' ..
    '"refused": %d, "degraded": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status, partial))
end
