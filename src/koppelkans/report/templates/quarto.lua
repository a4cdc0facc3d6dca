-- What Quarto takes over from the preview: a filter of the project, put at `pre-render`, where Quarto has counted figures
-- and tables and has not yet written them.
--
-- A page gets the colophon at its end, and loads a figure when it comes in view. Quarto's own Typst keeps an embed in a
-- block, out of which no figure moves to the foot of a page. Its own Word file has figures in tables of one cell, callouts
-- with pictures, and nothing but SVG where there is no rsvg-convert; here it gets what the preview's has: PNG, captions and
-- references as fields, a title page.

local function beside(name) return dofile(quarto.utils.resolve_path(name)) end

local format = quarto.doc.is_format("docx") and "docx" or quarto.doc.is_format("typst") and "typst" or "html"
local word, columns = beside("word.lua"), beside("columns.lua")
local printed = beside("print.lua")(format, columns)
local NAMES = { nl = { Figure = "Figuur", Table = "Tabel" }, en = { Figure = "Figure", Table = "Table" } }
local names = NAMES.en

-- What a cell of a notebook shows stands in the text as if it were written there.
local function without_cell(div)
  local cell = div.classes:find_if(function(class) return class == "quarto-embed-nb-cell" or class:match("^cell") end)
  if cell and div.identifier == "" then return div.content end
end

-- A figure as the notebook left it: Quarto names the drawing by cell and output, the notebook by the label.
local function as_png(image)
  local label = image.src:match("%-(fig%-[%w-]+)%-output%-%d+%.svg$")
  if label then image.src = "figures/" .. label .. ".png" end
  return image
end

local function exhibit(float)
  local caption = quarto.utils.as_inlines(float.caption_long)
  local numbered = word.caption(float.identifier, names[float.type], float.order.order, caption)
  local content = quarto.utils.as_blocks(float.content)
  if float.type == "Table" then return word.table(float.identifier, content, numbered) end
  local picture = nil
  content:walk({ Image = function(image) picture = as_png(image) end })
  picture.caption = pandoc.Inlines(picture.attributes["fig-alt"] or pandoc.utils.stringify(caption))
  picture.attributes["fig-alt"] = nil
  return pandoc.Figure({ pandoc.Plain({ picture }) }, { pandoc.Plain(numbered) }, pandoc.Attr(float.identifier))
end

-- "Figure 3" in the text, which Quarto made a link
local function reference(link)
  if not link.classes:includes("quarto-xref") then return nil end
  local name, number = pandoc.utils.stringify(link.content):match("^(.-)([%d.]+)$")
  return word.reference(link.target:sub(2), name, number)
end

-- Word numbers its headings by itself; Quarto has written "1. " or "1.1 " into them.
local function heading(header)
  if header.attributes.number then
    header.content:remove(1)
    header.content:remove(1)
  end
  if not header.classes:includes("unnumbered") then word.heading(header) end
  if header.classes:includes("unlisted") then header.level = header.level + 1 end -- contents go by the level alone
  return header
end

local function callout(node) return printed.callout(quarto.utils.as_inlines(node.title), quarto.utils.as_blocks(node.content)) end

-- Quarto keeps callouts apart, which are tables in its own Word file, by a paragraph with a space.
local function without_space(para)
  if pandoc.utils.stringify(para) == " " then return {} end
end

local both = { Div = without_cell, Table = printed.table, Callout = callout }
local typst = { Pandoc = function(doc) doc.blocks = printed.with_its_list(doc.blocks) return doc end }
local docx = {
  FloatRefTarget = exhibit,
  Link = reference,
  Header = heading,
  Para = without_space,
  Image = as_png,
  Meta = function(meta) word.title_page(meta) return meta end,
}
local function edition(meta) names = NAMES[pandoc.utils.stringify(meta.lang or "en")] or NAMES.en end

local function with_colophon(doc)
  local entries = {}
  for _, entry in ipairs(doc.meta.colophon or {}) do
    table.insert(entries, { quarto.utils.as_inlines(entry.name), { quarto.utils.as_blocks(entry.text) } })
  end
  if #entries > 0 then doc.blocks:insert(pandoc.Div({ pandoc.DefinitionList(entries) }, pandoc.Attr("", { "colophon" }))) end
  return doc
end

local function when_seen(image)
  image.attributes.loading = "lazy"
  local file = image.src:match("%.svg$") and io.open(image.src)
  if file then -- the page keeps the place of a picture that is still to come
    local width, height = file:read(4000):match('viewBox="[-%d.]+ [-%d.]+ ([%d.]+) ([%d.]+)"')
    if width then image.attributes.width, image.attributes.height = math.ceil(width), math.ceil(height) end
    file:close()
  end
  return image
end

if format == "html" then return { { Pandoc = with_colophon, Image = when_seen } } end
return { { Table = columns.measure, Meta = edition }, both, format == "docx" and docx or typst }
