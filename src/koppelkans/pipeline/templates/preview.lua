-- The preview build of a Quarto manuscript: what Quarto's own filters would do for the constructs that paper/ uses.
--
-- In: Pandoc's reading of the article after include, var and embed have been filled in (pipeline/preview.py), with the
-- edition's words in the metadata field `words`. Out: content for one format kept or dropped, sections, figures and
-- tables numbered, @fig- @tbl- @sec- turned into links, callouts set. Citations are left to citeproc, which runs after.

local format = FORMAT:match("^html") and "html" or FORMAT:match("^%a+")
local formats = { html = { html = true }, docx = { docx = true }, typst = { typst = true, pdf = true } }
local words = {}
local numbered = true -- off for the pages of notebooks
local names = {} -- id of a figure, table or section -> how the text refers to it

local function stringify(value) return value and pandoc.utils.stringify(value) or "" end

local function kind_of(id) return id:match("^(fig)%-") or id:match("^(tbl)%-") or id:match("^(sec)%-") end

-- ::: {.content-visible when-format="html"} and its three relatives
local function keep_for_format(div)
  local visible, hidden = div.classes:includes("content-visible"), div.classes:includes("content-hidden")
  if not (visible or hidden) then return nil end
  local wanted, unwanted = div.attributes["when-format"], div.attributes["unless-format"]
  local here = formats[format] or {}
  local applies = (not wanted or here[wanted]) and (not unwanted or not here[unwanted])
  if (visible and applies) or (hidden and not applies) then return div.content end
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
        names[header.identifier] = words.sec .. "\u{a0}" .. text
        header.content:insert(1, pandoc.Span(text, pandoc.Attr("", { "header-section-number" })))
        header.content:insert(2, pandoc.Str("\u{2002}"))
      end
      -- the page's title is its only first-level heading
      if format == "html" then header.level = header.level + 1 end
      return header
    end,
  })
end

local function typst(content) return (pandoc.write(pandoc.Pandoc(content), "typst-citations"):gsub("%s+$", "")) end

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

-- ::: {#visual-...} around an image: a picture without number and caption
local function picture(div)
  return div:walk({
    Image = function(image)
      local alt = image.attributes["fig-alt"] or ""
      if format == "typst" then
        return pandoc.RawInline("typst", ("#image(%s, alt: %s)"):format(typst_string(image.src), typst_string(alt)))
      end
      image.attributes["fig-alt"] = nil
      if format == "html" then image.attributes.loading = "lazy" end
      image.caption = pandoc.Inlines(alt)
      return with_narrow(image)
    end,
  })
end

local function figure(div, image, caption)
  local alt = image.attributes["fig-alt"] or stringify(caption)
  if format == "typst" then -- Pandoc's Typst writer drops the alt text
    local code = "#figure(image(%s, alt: %s), numbering: none, caption: [%s]) <%s>"
    return pandoc.RawBlock("typst", code:format(
      typst_string(image.src), typst_string(alt), typst({ pandoc.Plain(caption) }), div.identifier))
  end
  image.attributes["fig-alt"] = nil
  if format == "html" then image.attributes.loading = "lazy" end
  image.caption = pandoc.Inlines(alt)
  return pandoc.Figure({ pandoc.Plain(with_narrow(image)) }, { pandoc.Plain(caption) }, pandoc.Attr(div.identifier))
end

local function exhibit_table(div, caption)
  if format ~= "html" then
    return div.content:walk({
      Table = function(tbl)
        tbl.identifier, tbl.caption = div.identifier, pandoc.Caption({ pandoc.Plain(caption) })
        return tbl
      end,
    })
  end
  -- browsers size columns by their content; as Quarto does with `tbl-colwidths: false`
  local content = div.content:walk({
    Table = function(tbl)
      for _, column in ipairs(tbl.colspecs) do column[2] = nil end
      return tbl
    end,
  })
  -- a wide table scrolls by itself, the page and the caption do not; a keyboard must reach it
  local attributes = { { "tabindex", "0" }, { "role", "region" }, { "aria-label", stringify(caption) } }
  local region = pandoc.Div(content, pandoc.Attr("", { "table-scroll" }, attributes))
  return pandoc.Figure({ region }, { pandoc.Plain(caption) }, pandoc.Attr(div.identifier, { "table" }))
end

-- ::: {#fig-...} or {#tbl-...} around an image or a table, with the caption as last paragraph
local function exhibits(blocks)
  local counts = { fig = 0, tbl = 0 }
  return blocks:walk({
    Div = function(div)
      if div.identifier:match("^visual%-") then return picture(div) end
      local kind = kind_of(div.identifier)
      if kind ~= "fig" and kind ~= "tbl" then return nil end
      local caption = div.content:remove(#div.content).content
      if numbered then
        counts[kind] = counts[kind] + 1
        local name = words[kind] .. "\u{a0}" .. counts[kind]
        names[div.identifier] = name
        caption:insert(1, pandoc.Strong(name .. ":"))
        caption:insert(2, pandoc.Space())
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
      if format == "typst" then
        return { pandoc.RawBlock("typst", "#callout[" .. typst({ pandoc.Plain(title) }) .. "]["),
          pandoc.Div(div.content), pandoc.RawBlock("typst", "]") }
      end
      div.content:insert(1, pandoc.Para({ pandoc.Strong(title) }))
      if format ~= "html" then return pandoc.BlockQuote(div.content) end
      return pandoc.Div(div.content, pandoc.Attr("", { "callout", "callout-" .. kind }, { role = "note" }))
    end,
  })
end

local function reference(cite)
  local id = cite.citations[1].id
  if not kind_of(id) then return nil end
  if not names[id] then error("@" .. id .. " refers to nothing; expected a figure, table or section with that label") end
  return pandoc.Link(names[id], "#" .. id, "", pandoc.Attr("", { "crossref" }))
end

function Pandoc(doc)
  for key, value in pairs(doc.meta.words or {}) do words[key] = stringify(value) end
  numbered = doc.meta["number-sections"] ~= false
  local blocks = doc.blocks:walk({ Div = keep_for_format })
  blocks = number_sections(callouts(blocks))
  blocks = exhibits(blocks)
  doc.blocks = blocks:walk({ Cite = reference })
  return doc
end
