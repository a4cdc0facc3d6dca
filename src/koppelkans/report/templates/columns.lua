-- How wide the columns of a printed table are: no word is broken, and the longest texts get the most room.
--
-- In: a Pandoc table, and how many characters fit on a line of it. Sets the width of every column as a share of the
-- page; a table that needs less than the page stays narrow. Tables with the same head get the same columns, so each
-- is measured before the first is set.

local BOLD = 1.12 -- how much wider the words of a head are
local SHORT = 24 -- a column of short texts keeps them on one line, where the others leave it the room
local alike = {} -- the text of a head -> the columns of all tables that have it

local function measure_cell(cell, column, wider)
  local text = pandoc.utils.stringify(cell.contents)
  local length = utf8.len(text) or #text
  column.longest = math.max(column.longest, length * wider)
  column.total = column.total + length
  for word in text:gmatch("[^ \n\t]+") do
    column.word = math.max(column.word, (utf8.len(word) or #word) * wider)
  end
end

local function columns_of(tbl)
  local head = tostring(#tbl.colspecs)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do head = head .. "|" .. pandoc.utils.stringify(cell.contents) end
  end
  if not alike[head] then
    alike[head] = {}
    for n = 1, #tbl.colspecs do alike[head][n] = { longest = 1, total = 0, word = 1 } end
  end
  return alike[head]
end

local function measure(tbl)
  local columns = columns_of(tbl)
  local function rows_of(rows, wider)
    for _, row in ipairs(rows) do
      for n, cell in ipairs(row.cells) do
        if columns[n] and cell.col_span == 1 then measure_cell(cell, columns[n], wider) end
      end
    end
  end
  rows_of(tbl.head.rows, BOLD)
  for _, body in ipairs(tbl.bodies) do
    rows_of(body.head, 1)
    rows_of(body.body, 1)
  end
end

-- Give what is left of the line to the columns that want more, in proportion to all the text they hold.
local function share_out(columns, left)
  for _ = 1, 20 do
    local wanting = 0
    for _, column in ipairs(columns) do
      if column.width < column.wanted then wanting = wanting + column.total end
    end
    if wanting == 0 or left < 0.5 then return end
    local given = 0
    for _, column in ipairs(columns) do
      if column.width < column.wanted then
        local more = math.min(left * column.total / wanting, column.wanted - column.width)
        column.width, given = column.width + more, given + more
      end
    end
    left = left - given
  end
end

-- What each column needs at least; with `whole`, columns of short texts need their longest text on one line.
local function least(columns, whole, padding)
  local sum = 0
  for _, column in ipairs(columns) do
    column.wanted = column.longest * 1.04 + padding
    local one_line = whole and column.longest <= SHORT
    column.width = one_line and column.wanted or math.min(column.wanted, column.word * 1.08 + padding)
    sum = sum + column.width
  end
  return sum
end

local function sum_of(columns)
  local sum = 0
  for _, column in ipairs(columns) do sum = sum + column.width end
  return sum
end

-- Where even the words do not fit, the widest columns give way, so that the narrow ones stay whole.
local function squeeze(columns, room)
  for _ = 1, 10 * room do
    if sum_of(columns) <= room then return end
    local widest = columns[1]
    for _, column in ipairs(columns) do
      if column.width > widest.width then widest = column end
    end
    widest.width = widest.width - 0.25
  end
end

-- `padding` is how many characters the space around a cell takes.
local function set(tbl, room, padding)
  local columns = columns_of(tbl)
  if least(columns, true, padding) > 0.6 * room then least(columns, false, padding) end
  squeeze(columns, room)
  share_out(columns, room - sum_of(columns))
  for n, column in ipairs(columns) do tbl.colspecs[n][2] = column.width / math.max(sum_of(columns), room) end
  return tbl
end

-- Leave the width of the columns to what shows the table.
local function free(tbl)
  for _, column in ipairs(tbl.colspecs) do column[2] = nil end
  return tbl
end

return { measure = measure, set = set, free = free }
