"""The article as the preview reads it: includes, variables and embeds filled in, and only what its output shows."""

from __future__ import annotations

import re

from koppelkans.errors import KoppelkansError
from koppelkans.report.manuscript import Manuscript, embed_target, shortcodes, variable
from koppelkans.report.preview_exhibits import Exhibit

FENCE = re.compile(r"^:{3,} *(?P<attributes>\{.*\}|[\w-]+)? *$")
FOR_A_FORMAT = re.compile(r'^\{\.content-(?P<shown>visible|hidden) (?P<when>when|unless)-format="html"\}$')


def filled_in(manuscript: Manuscript, exhibits: dict[tuple[str, str], Exhibit], images: str) -> str:
    """Return the article as Markdown with its includes, variables and embeds filled in.

    `images` is the ending of the image files that the output can show: "svg", "png", or "pdf" for what Typst can.
    Raises KoppelkansError, naming file and line, for a variable, cell or shortcode that is not known.
    """
    lines, variables = manuscript.lines(), manuscript.variables()
    texts = [line.text for line in lines]
    position = {id(line): number for number, line in enumerate(lines)}
    for code in reversed(list(shortcodes(lines))):
        if code.name == "var":
            new = variable(variables, code.argument)
            known = "a key of _variables.yml, which is written from results/*.json"
        elif code.name == "embed":
            exhibit = exhibits.get(embed_target(code.argument))
            new = exhibit.markdown(images) if exhibit else None
            known = "a cell of a listed notebook with that `#| label:` and an output"
        else:
            new, known = None, "one of include, var and embed"
        if new is None:
            raise KoppelkansError(f"{code.where}: {code.name} {code.argument}: not known; expected {known}")
        number = position[id(code.line)]
        texts[number] = texts[number][: code.start] + new + texts[number][code.end :]
    return _only_for("\n".join(texts) + "\n", html=images == "svg")


def _only_for(text: str, html: bool) -> str:
    """Take out the blocks that are for another output; the filter would too, after Pandoc has read and built them.

    They are a third of the report: for the web what stands under figures and tables, for print the appendix.
    """
    shown: list[str] = []
    open_blocks: list[bool] = []  # for each div that a line is in: whether what it holds is left out
    for line in text.split("\n"):
        fence = FENCE.match(line)
        if fence and fence["attributes"]:
            block = FOR_A_FORMAT.match(fence["attributes"])
            other = block is not None and ((block["shown"] == "visible") == (block["when"] == "when")) != html
            open_blocks.append(other)
        if not any(open_blocks):
            shown.append(line)
        if fence and not fence["attributes"] and open_blocks:
            open_blocks.pop()
    return "\n".join(shown)
