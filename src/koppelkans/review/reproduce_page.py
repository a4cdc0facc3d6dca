"""The verdicts of `make reproduce` as one HTML page that needs no other file and no network."""

from __future__ import annotations

from html import escape

from koppelkans.review.comparison import Verdict
from koppelkans.review.reproduction import SHORT, Reproduction

_COLUMNS = ("File", "Kind", "Edition", "Expected", "Found", "Verdict")
_SIGNS = {"same": "✓", "differs": "≠", "missing": "✗", "new": "+"}

_STYLE = """
:root { color-scheme: light dark; --text: #1d2430; --muted: #586174; --page: #fdfdfb; --panel: #f2f3ee; --line: #d9dcd3;
  --good: #1f6b3a; --bad: #a3270b; --new: #6a5000; --focus: #0b5c7a; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e6ea; --muted: #a2abba; --page: #14181f; --panel: #1d232c;
  --line: #343c49; --good: #8fd3a5; --bad: #ff9d84; --new: #e8cb73; --focus: #7cc4e0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
a { color: var(--focus); }
a:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.verdict { margin: 1rem 0; padding: .8rem 1rem; background: var(--panel); font-weight: 600;
  border-left: .4rem solid var(--bad); }
.verdict.holds { border-color: var(--good); }
caption { color: var(--muted); }
caption { text-align: left; padding: .4rem 0; }
li { margin: .3rem 0; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 400; }
code { font: .875em ui-monospace, Menlo, Consolas, monospace; }
.same { color: var(--good); }
.differs, .missing { color: var(--bad); font-weight: 600; }
.new { color: var(--new); font-weight: 600; }
@media (max-width: 40rem) {
  thead { position: absolute; left: -100vw; }
  tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { display: block; padding: 0; border: 0; }
  tbody th { font-weight: 600; }
  td::before { content: attr(data-label) ": "; color: var(--muted); font-weight: 400; }
}
@media print { body { max-width: none; } tr { break-inside: avoid; } }
"""


def _row(row: Verdict) -> str:
    # the roles keep it a table for screen readers where the style sheet stacks the cells on a phone
    def cell(label: str, content: str) -> str:
        return f'<td role="cell" data-label="{label}">{content}</td>'

    def digest(value: str) -> str:
        return f'<code title="{value}">{value[:SHORT]}</code>' if value else "none"

    return (
        '<tr role="row">'
        f'<th role="rowheader" scope="row">{escape(row.id)}</th>'
        + cell("Kind", escape(row.kind))
        + cell("Edition", escape(row.edition) or "both")
        + cell("Expected", digest(row.expected))
        + cell("Found", digest(row.found))
        + cell(
            "Verdict",
            f'<span class="{row.verdict}"><span aria-hidden="true">{_SIGNS[row.verdict]}</span> {row.verdict}</span>',
        )
        + "</tr>"
    )


def _list(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    items = "\n".join(f"<li>{line}</li>" for line in lines)
    return f"<h2>{title}</h2>\n<ul>\n{items}\n</ul>\n"


def page(found: Reproduction) -> str:
    """Return the page: the verdict, what differs and why, how it was built, and the table of all files."""
    wrong = [
        f'<span class="{group[0].verdict}">{group[0].verdict}</span>: {escape(group[0].detail)}<br>'
        + ", ".join(f"<code>{escape(row.path)}</code>" for row in group)
        for group in found.groups
    ]
    commit = f"commit <code>{found.commit}</code>" if found.commit else "the files as they stand"
    others = "; ".join(found.versions) or "none"
    built = [
        f"Built from {commit} in {found.seconds:.0f} seconds, in a clean copy.",
        f"With {escape(found.environment)}.",
        f"Installed versions that differ from <code>requirements.lock</code>: {escape(others)}.",
        *(escape(f"{note[0].upper()}{note[1:]}.") for note in found.notes),
    ]
    head = "".join(f'<th role="columnheader" scope="col">{column}</th>' for column in _COLUMNS)
    rows = "\n".join(map(_row, found.verdicts))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Reproduction of {escape(found.study)}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Reproduction of {escape(found.study)}</h1>
<p class="verdict{" holds" if found.holds else ""}">{escape(found.verdict)}.</p>
{_list("Likely cause", [escape(cause) for cause in found.causes])}{_list("What differs", wrong)}
{_list("How it was built", built)}
<h2>Every file</h2>
<table role="table">
<caption>Files of the report, with the first {SHORT} characters of the SHA-256 that <code>figures.yml</code> expects
and of the one found.</caption>
<thead role="rowgroup"><tr role="row">{head}</tr></thead>
<tbody role="rowgroup">
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""
