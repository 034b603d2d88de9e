-- Requests for wrk: BENCH_ENDPOINT selects them, BENCH_TOKEN authenticates them. They are built before the measurement,
-- which only selects one at a time. The results are written to the file BENCH_RESULT as one JSON object.

local endpoint = os.getenv("BENCH_ENDPOINT")
local first = tonumber(os.getenv("BENCH_FIRST"))
local count = tonumber(os.getenv("BENCH_COUNT"))
local page = os.getenv("BENCH_PAGE") or "/api/customers?limit=50"

local list
local reads = {}
local creates = {}

function init(args)
   math.randomseed(20250106)
   local headers = {
      ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
      ["Host"] = wrk.headers["Host"],
   }
   list = wrk.format("GET", page, headers)
   for i = 1, 10000 do
      reads[i] = wrk.format("GET", "/api/customers/" .. first + math.random(0, count - 1), headers)
   end
   headers["Content-Type"] = "application/json"
   for i = 1, 1000 do
      local body = string.format(
         '{"name":"New customer %d","email":"new%d@example.org","phone":"+49 30 %d",' ..
            '"address":"%d Market Street, Springfield","credit_limit":"%d.50"}',
         i, i, 1000000 + i, i, 100 * i
      )
      creates[i] = wrk.format("POST", "/api/customers", headers, body)
   end
end

local function read()
   return reads[math.random(#reads)]
end

local function create()
   return creates[math.random(#creates)]
end

local function mixed()
   local share = math.random(100)
   if share <= 80 then
      return read()
   elseif share <= 95 then
      return list
   end
   return create()
end

local choose = { list = function() return list end, read = read, create = create, mixed = mixed }
request = assert(choose[endpoint], "BENCH_ENDPOINT must be list, read, create or mixed")

function done(summary, latency, requests)
   local errors = summary.errors
   local file = assert(io.open(os.getenv("BENCH_RESULT"), "w"))
   file:write(string.format(
      '{"requests":%d,"seconds":%.6f,"bytes":%d,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,' ..
         '"refused":%d,"broken":%d,"timeouts":%d}\n',
      summary.requests, summary.duration / 1e6, summary.bytes,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
      errors.status, errors.connect + errors.read + errors.write, errors.timeout
   ))
   file:close()
end
