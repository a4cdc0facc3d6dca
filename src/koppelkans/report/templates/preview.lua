-- The preview build of a Quarto manuscript: what Quarto's own filters would do for the constructs that paper/ uses.
--
-- In: Pandoc's reading of the article after include, var and embed have been filled in (pipeline/preview.py), with the
-- edition's words in the metadata field `words`. Out: content for one format kept or dropped, sections, figures and
-- tables numbered, @fig- @tbl- @sec- turned into links, callouts set. Citations are left to citeproc, which runs after.
-- Typst numbers by itself, as it does for Quarto, and Word by its styles and fields (word.lua); all count alike.

local format = FORMAT:match("^html") and "html" or FORMAT:match("^%a+")
local formats = { html = { html = true }, docx = { docx = true }, typst = { typst = true, pdf = true } }
local here = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local word = dofile(pandoc.path.join({ here, "word.lua" }))
local columns = dofile(pandoc.path.join({ here, "columns.lua" }))
local printed = dofile(pandoc.path.join({ here, "print.lua" }))(format, columns)
local words = {}
local numbered = true -- off for the pages of notebooks
local numbers = {} -- id of a figure, table or section -> its number

local function stringify(value) return value and pandoc.utils.stringify(value) or "" end

local function kind_of(id) return id:match("^(fig)%-") or id:match("^(tbl)%-") or id:match("^(sec)%-") end

-- ::: {.content-visible when-format="html"} and its three relatives, as a div or as a span
local function keep_for_format(part)
  local visible, hidden = part.classes:includes("content-visible"), part.classes:includes("content-hidden")
  if not (visible or hidden) then return nil end
  local wanted, unwanted = part.attributes["when-format"], part.attributes["unless-format"]
  local here = formats[format] or {}
  local applies = (not wanted or here[wanted]) and (not unwanted or not here[unwanted])
  if (visible and applies) or (hidden and not applies) then return part.content end
  return {}
end

local function number_sections(blocks)
  local counters = {}
  return blocks:walk({
    Header = function(header)
      if numbered and not header.classes:includes("unnumbered") then
        counters[header.level] = (counters[header.level] or 0) + 1
        for level in pairs(counters) do
          if level > header.level then counters[level] = nil end
        end
        local number = {}
        for level = 1, header.level do number[level] = tostring(counters[level] or 0) end
        local text = table.concat(number, ".")
        numbers[header.identifier] = text
        if format == "html" then
          header.content:insert(1, pandoc.Span(text, pandoc.Attr("", { "header-section-number" })))
          header.content:insert(2, pandoc.Str("\u{2002}"))
        elseif format == "docx" then
          word.heading(header)
        end
      end
      -- Word's contents list headings by their level alone
      if format == "docx" and header.classes:includes("unlisted") then header.level = header.level + 1 end
      -- the page's title is its only first-level heading
      if format == "html" then header.level = header.level + 1 end
      return header
    end,
  })
end

local function typst_string(text) return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"' end

-- In HTML a phone gets the narrow drawing of a figure where there is one.
local function with_narrow(image)
  local narrow, width, height = image.attributes.narrow, image.attributes["narrow-width"], image.attributes["narrow-height"]
  for _, key in ipairs({ "narrow", "narrow-width", "narrow-height" }) do image.attributes[key] = nil end
  if format ~= "html" or not narrow then return { image } end
  local size = width and (' width="%s" height="%s"'):format(width, height) or ""
  local source = ('<picture><source media="(max-width: 40rem)" srcset="%s"%s>'):format(narrow, size)
  return { pandoc.RawInline("html", source), image, pandoc.RawInline("html", "</picture>") }
end

-- A figure or table as Quarto writes it for Typst, which sets the number before the caption
local function typst_float(div, kind, content, caption)
  local code = '#figure([\n%s\n], caption: figure.caption(position: %s, [%s]), kind: "quarto-float-%s", supplement: [%s], '
    .. 'numbering: %s)\n<%s>'
  local position = kind == "tbl" and "top" or "bottom"
  local numbering = numbered and '"1"' or "none"
  return pandoc.RawBlock("typst", code:format(
    content, position, printed.typst({ pandoc.Plain(caption) }), kind, words[kind], numbering, div.identifier))
end

local function figure(div, image, caption)
  local alt = image.attributes["fig-alt"] or stringify(caption)
  if format == "typst" then -- Pandoc's Typst writer drops the alt text
    local picture = ("#image(%s, alt: %s)"):format(typst_string(image.src), typst_string(alt))
    return typst_float(div, "fig", picture, caption)
  end
  image.attributes["fig-alt"] = nil
  if format == "html" then image.attributes.loading = "lazy" end
  image.caption = pandoc.Inlines(alt)
  return pandoc.Figure({ pandoc.Plain(with_narrow(image)) }, { pandoc.Plain(caption) }, pandoc.Attr(div.identifier))
end

-- A picture that is no numbered figure
local function typst_image(image)
  local alt = image.attributes["fig-alt"] or stringify(image.caption)
  return pandoc.RawInline("typst", ("#image(%s, alt: %s)"):format(typst_string(image.src), typst_string(alt)))
end

local function exhibit_table(div, caption)
  if format == "typst" then return typst_float(div, "tbl", printed.typst(div.content:walk({ Table = printed.table })), caption) end
  if format == "docx" then return word.table(div.identifier, div.content, caption) end
  -- a wide table scrolls by itself, the page and the caption do not; a keyboard must reach it
  local attributes = { { "tabindex", "0" }, { "role", "region" }, { "aria-label", stringify(caption) } }
  local region = pandoc.Div(div.content, pandoc.Attr("", { "table-scroll" }, attributes))
  return pandoc.Figure({ region }, { pandoc.Plain(caption) }, pandoc.Attr(div.identifier, { "table" }))
end

-- ::: {#fig-...} or {#tbl-...} around an image or a table, with the caption as last paragraph
local function exhibits(blocks)
  local counts = { fig = 0, tbl = 0 }
  return blocks:walk({
    Div = function(div)
      local kind = kind_of(div.identifier)
      if kind ~= "fig" and kind ~= "tbl" then return nil end
      local caption = div.content:remove(#div.content).content
      if numbered then
        counts[kind] = counts[kind] + 1
        numbers[div.identifier] = tostring(counts[kind])
        if format == "html" then
          caption:insert(1, pandoc.Strong(words[kind] .. "\u{a0}" .. counts[kind] .. ":"))
          caption:insert(2, pandoc.Space())
        elseif format == "docx" then
          caption = word.caption(div.identifier, words[kind], counts[kind], caption)
        end
      end
      if kind == "tbl" then return exhibit_table(div, caption) end
      return figure(div, div.content[1].content[1], caption)
    end,
  })
end

local function callouts(blocks)
  return blocks:walk({
    Div = function(div)
      local kind = stringify(pandoc.List(div.classes:map(function(c) return c:match("^callout%-(%a+)$") or "" end)))
      if kind == "" then return nil end
      local title = pandoc.Inlines(div.attributes.title or words[kind])
      if div.content[1] and div.content[1].t == "Header" then title = div.content:remove(1).content end
      if format ~= "html" then return printed.callout(title, div.content) end
      div.content:insert(1, pandoc.Para({ pandoc.Strong(title) }))
      return pandoc.Div(div.content, pandoc.Attr("", { "callout", "callout-" .. kind }, { role = "note" }))
    end,
  })
end

local function reference(cite)
  local id = cite.citations[1].id
  if not kind_of(id) then return nil end
  local kind, number = kind_of(id), numbers[id]
  if not number then error("@" .. id .. " refers to nothing; expected a figure, table or section with that label") end
  -- [-@sec-x] is the number alone, as in "chapter 3"
  local name = cite.citations[1].mode == "SuppressAuthor" and "" or words[kind] .. "\u{a0}"
  if format == "docx" then return word.reference(id, name, number) end
  return pandoc.Link(name .. number, "#" .. id, "", pandoc.Attr("", { "crossref" }))
end

-- "2026-11-23" as a reader of the edition writes it; Quarto does this by itself
local function long_date(meta)
  local year, month, day = stringify(meta.date):match("^(%d%d%d%d)%-(%d%d)%-(%d%d)$")
  if not (year and meta.months) then return meta.date end
  return pandoc.Inlines(tonumber(day) .. " " .. stringify(meta.months[tonumber(month)]) .. " " .. year)
end

function Pandoc(doc)
  for key, value in pairs(doc.meta.words or {}) do words[key] = stringify(value) end
  numbered = doc.meta["number-sections"] ~= false
  local for_format = { Div = keep_for_format, Span = keep_for_format }
  local blocks = doc.blocks:walk(for_format)
  if doc.meta.abstract then doc.meta.abstract = pandoc.Blocks(doc.meta.abstract):walk(for_format) end
  -- browsers size columns by their content; as Quarto does with `tbl-colwidths: false`
  if format == "html" then blocks = blocks:walk({ Table = columns.free }) else blocks:walk({ Table = columns.measure }) end
  blocks = number_sections(callouts(blocks))
  blocks = exhibits(blocks)
  blocks = blocks:walk({ Cite = reference })
  if format ~= "html" then
    doc.meta.date = long_date(doc.meta)
    if format == "docx" then word.title_page(doc.meta) end
    blocks = blocks:walk({ Table = printed.table, Image = format == "typst" and typst_image or nil })
    if format == "typst" then blocks = printed.with_its_list(blocks) end
  end
  doc.blocks = blocks
  return doc
end
