-- What the Word edition needs of Word itself: captions that count (SEQ fields) and references that follow (REF fields).
--
-- A researcher can put a figure or a section in between, press F9, and every number is right again. The numbers that
-- are written here are what the fields show until then.

local word = {}
local bookmarks = 9000 -- Pandoc's own bookmarks count from below

local function escaped(text) return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;")) end

local function run(content) return "<w:r>" .. content .. "</w:r>" end

local function field(code, shown)
  return run('<w:fldChar w:fldCharType="begin"/>')
    .. run('<w:instrText xml:space="preserve"> ' .. escaped(code) .. " </w:instrText>")
    .. run('<w:fldChar w:fldCharType="separate"/>')
    .. run('<w:t xml:space="preserve">' .. escaped(shown) .. "</w:t>")
    .. run('<w:fldChar w:fldCharType="end"/>')
end

local function openxml(text) return pandoc.RawInline("openxml", text) end

-- A name that a field can take: letters, digits and underscores, at most forty; Word hides those that begin with "_".
function word.bookmark(id) return ("_Ref_" .. id:gsub("[^%w]", "_")):sub(1, 40) end

local function bookmarked(id, content)
  bookmarks = bookmarks + 1
  local start = ('<w:bookmarkStart w:id="%d" w:name="%s"/>'):format(bookmarks, word.bookmark(id))
  return start .. content .. ('<w:bookmarkEnd w:id="%d"/>'):format(bookmarks)
end

-- A caption with "Figure 3: " at its head
function word.caption(id, name, number, text)
  local label = run('<w:t xml:space="preserve">' .. escaped(name) .. "\u{a0}</w:t>")
  local counted = bookmarked(id, label .. field("SEQ " .. name .. " \\* ARABIC", tostring(number)))
  return pandoc.Inlines({ openxml(counted), pandoc.Str(": ") }) .. text
end

-- The table of a div, with its caption above it
function word.table(id, content, caption)
  return content:walk({
    Table = function(tbl)
      tbl.identifier, tbl.caption = id, pandoc.Caption({ pandoc.Plain(caption) })
      return tbl
    end,
  })
end

-- A heading that a reference can ask for its number
function word.heading(header)
  local start, finish = bookmarked(header.identifier, "|"):match("^(.*)|(.*)$")
  header.content:insert(1, openxml(start))
  header.content:insert(openxml(finish))
end

-- "Figure 3" or "Section 2.1" in the text
function word.reference(id, name, number)
  if id:match("^sec%-") then
    return { pandoc.Str(name), openxml(field("REF " .. word.bookmark(id) .. " \\r \\h", number)) }
  end
  return openxml(field("REF " .. word.bookmark(id) .. " \\h", name .. number))
end

-- Whose study it is under the subtitle, place and licence beside the date, and the colophon after the abstract
function word.title_page(meta)
  local inlines = function(value) return pandoc.utils.blocks_to_inlines(pandoc.Blocks(pandoc.Plain(value))) end
  if meta.subtitle and meta.credits then
    meta.subtitle = inlines(meta.subtitle) .. pandoc.Inlines({ pandoc.LineBreak() }) .. inlines(meta.credits)
  end
  local details = pandoc.Inlines({})
  for _, detail in ipairs({ meta.place or false, meta.date or false, meta.licence or false }) do
    if detail then
      if #details > 0 then details:insert(pandoc.Str(" \u{b7} ")) end
      details:extend(inlines(detail))
    end
  end
  if #details > 0 then meta.date = details end
  if not (meta.abstract and meta.colophon) then return end
  local abstract = pandoc.Blocks(meta.abstract)
  for _, entry in ipairs(meta.colophon) do
    local text = pandoc.Inlines({ pandoc.Strong(inlines(entry.name)), pandoc.Str(": ") }) .. inlines(entry.text)
    abstract:insert(pandoc.Div({ pandoc.Para(text) }, pandoc.Attr("", {}, { ["custom-style"] = "Colophon" })))
  end
  meta.abstract = abstract
end

return word
