-- What the printed editions (Typst and Word) have alike, whether Quarto or the preview renders them: callouts, the columns
-- of tables, lists that keep the sentence before them.

return function(format, columns)
  local LINE = { typst = 118, docx = 86 } -- characters on a line of a table; Word may set a wider font
  local printed = {}

  function printed.typst(content) return (pandoc.write(pandoc.Pandoc(content), "typst-citations-smart"):gsub("%s+$", "")) end

  function printed.callout(title, content)
    if format == "typst" then
      return { pandoc.RawBlock("typst", "#callout(title: [" .. printed.typst({ pandoc.Plain(title) }) .. "], body: ["),
        pandoc.Div(content), pandoc.RawBlock("typst", "])") }
    end
    content:insert(1, pandoc.Para({ pandoc.Strong(title) }))
    return pandoc.BlockQuote(content)
  end

  -- Typst keeps a parenthesis on the line of the quotation mark before it, out of a narrow column into the next.
  local function may_break(inlines)
    for n = 3, #inlines do
      local mark, space, bracket = inlines[n - 2], inlines[n - 1], inlines[n]
      local quoted = mark.t == "Quoted" or mark.t == "Str" and (mark.text:match("”$") or mark.text:match("’$"))
      if quoted and space.t == "Space" and bracket.t == "Str" and bracket.text:match("^%(") then
        bracket.text = "\u{200b}" .. bracket.text
      end
    end
    return inlines
  end

  -- The columns of a table; Typst gets the bare table, which can go on over the page
  function printed.table(tbl)
    if format == "typst" then
      tbl = tbl:walk({ Inlines = may_break })
      tbl.classes:insert("typst:no-figure")
    end
    local close = format == "docx" and #tbl.colspecs >= 8 -- word_edition.py has their cells closer together
    return columns.set(tbl, LINE[format], close and 1.2 or 3)
  end

  -- A sentence that leads in a list stays on the page with the list's first line.
  function printed.with_its_list(blocks)
    for n = #blocks - 1, 1, -1 do
      local follows = blocks[n + 1].t
      if blocks[n].t == "Para" and (follows == "BulletList" or follows == "OrderedList") then
        blocks:insert(n + 1, pandoc.RawBlock("typst", "]"))
        blocks:insert(n, pandoc.RawBlock("typst", "#block(sticky: true)["))
      end
    end
    return blocks
  end

  return printed
end
