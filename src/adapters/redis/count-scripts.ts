/** The Lua scripts for counts: one hash per counter, with one field per bucket. */

import { scriptOf } from './script.js'

/**
 * `ARGV`: the buckets now, beside (or an empty string), hour, day and week. Returns, as JSON, five numbers for each key:
 * the units held in the first two buckets, and the sums since the other three. A field named `h` and a bucket has the
 * units that are only held in it. Each field is looked at once, because a day has 144 of them.
 */
export const sumScript = scriptOf(`
local atNow, atBeside = tonumber(ARGV[1]), tonumber(ARGV[2])
local heldNow, heldBeside = 'h' .. ARGV[1], 'h' .. ARGV[2]
local hour, day, week = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local numbers = {}
for _, key in ipairs(KEYS) do
  local held = redis.call('HGETALL', key)
  local now, beside = 0, 0
  local sinceHour, sinceDay, sinceWeek = 0, 0, 0
  for i = 1, #held, 2 do
    local field, units = held[i], tonumber(held[i + 1])
    local bucket = tonumber(field)
    if bucket then
      if bucket >= week then sinceWeek = sinceWeek + units end
      if bucket >= day then sinceDay = sinceDay + units end
      if bucket >= hour then sinceHour = sinceHour + units end
    end
    if bucket == atNow or field == heldNow then now = now + units end
    if atBeside and (bucket == atBeside or field == heldBeside) then beside = beside + units end
  end
  local sums = string.format('%.0f,%.0f,%.0f', sinceHour, sinceDay, sinceWeek)
  numbers[#numbers + 1] = string.format('%.0f,%.0f,%s', now, beside, sums)
end
return '[' .. table.concat(numbers, ',') .. ']'
`)

/**
 * `ARGV`, for each key: bucket, units, room (or an empty string), the number of buckets to keep it for, and `h` if the
 * units are only held. Returns, as JSON, the positions of the keys without room. Takes all if there are none, else nothing.
 */
export const takeScript = scriptOf(`
local full = {}
for i, key in ipairs(KEYS) do
  local bucket, units, room = ARGV[5 * i - 4], tonumber(ARGV[5 * i - 3]), tonumber(ARGV[5 * i - 2])
  if room then
    local held = redis.call('HMGET', key, bucket, 'h' .. bucket)
    if tonumber(held[1] or 0) + tonumber(held[2] or 0) + units > room then full[#full + 1] = i end
  end
end
if #full == 0 then
  for i, key in ipairs(KEYS) do
    local bucket, kept = ARGV[5 * i - 4], tonumber(ARGV[5 * i - 1])
    local units = redis.call('HINCRBY', key, ARGV[5 * i] .. bucket, ARGV[5 * i - 3])
    local isNew = units == tonumber(ARGV[5 * i - 3])
    if redis.call('PTTL', key) < kept * 600000 then redis.call('PEXPIRE', key, kept * 600000) end
    if isNew and redis.call('HLEN', key) > 2 * kept + 10 then
      for _, field in ipairs(redis.call('HKEYS', key)) do
        if tonumber((string.gsub(field, 'h', ''))) < tonumber(bucket) - kept then redis.call('HDEL', key, field) end
      end
    end
  end
end
return '[' .. table.concat(full, ',') .. ']'
`)

/** `ARGV`, for each key: the field (a bucket, after an `h` if the units are only held), then the units. */
export const releaseScript = scriptOf(`
for i, key in ipairs(KEYS) do
  local held = tonumber(redis.call('HGET', key, ARGV[2 * i - 1]) or 0)
  local units = math.min(held, tonumber(ARGV[2 * i]))
  if units > 0 then redis.call('HINCRBY', key, ARGV[2 * i - 1], string.format('%.0f', -units)) end
end
return '[]'
`)

/** `ARGV`: the first bucket. Returns, as a flat JSON list, the key's position, the bucket and its units. */
export const seriesScript = scriptOf(`
local found = {}
for i, key in ipairs(KEYS) do
  local held = redis.call('HGETALL', key)
  for j = 1, #held, 2 do
    local bucket = tonumber(held[j])
    if bucket and bucket >= tonumber(ARGV[1]) and tonumber(held[j + 1]) > 0 then
      found[#found + 1] = table.concat({ i, held[j], held[j + 1] }, ',')
    end
  end
end
return '[' .. table.concat(found, ',') .. ']'
`)

/** Deletes the keys. */
export const forgetScript = scriptOf(`
for _, key in ipairs(KEYS) do redis.call('DEL', key) end
return '[]'
`)
