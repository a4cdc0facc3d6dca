"""Settings of Sphinx; the pages are those that `docs.site.pages` puts together."""

from pathlib import Path

project = html_title = "Koppelkans"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # output of commands, shown as it is
default_role = "code"  # docstrings write `name`
add_module_names = False
autodoc_typehints = "none"
autodoc_preserve_defaults = True
nitpicky = False

html_theme = "furo"
html_static_path = []
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}
templates_path = [str(Path(__file__).parent / "templates")]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "editions.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}


def setup(app):
    """Say in each page which language its text is in, also where the Dutch edition has an English page."""

    def text_language(app, pagename, templatename, context, doctree):
        context["language"] = (context.get("meta") or {}).get("text_language", app.config.language)
        context["edition"] = app.config.language

    app.connect("html-page-context", text_language)
