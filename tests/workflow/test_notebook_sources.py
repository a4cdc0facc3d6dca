from __future__ import annotations

from pathlib import Path

import pytest
from conftest import COUNT, FIGURE, PARAMETERS, notebook_file

from koppelkans.errors import KoppelkansError
from koppelkans.workflow.notebooks import all_notebooks, modules_used, read_notebook


def names(paths: list[Path], source: Path) -> set[str]:
    return {path.relative_to(source / "koppelkans").as_posix() for path in paths}


def test_what_a_notebook_depends_on_is_read_from_its_code(tmp_path: Path) -> None:
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", COUNT, FIGURE, parameters=PARAMETERS))
    assert notebook.tables == ("sessions",)
    assert notebook.labels == ("fig-timeline",)
    assert [(p.name, p.kind, p.required) for p in notebook.parameters] == [
        ("study", "str", False),
        ("language", "str", False),
        ("seed", "int", False),
    ]


def test_the_coded_interviews_of_a_strand_are_four_tables(tmp_path: Path) -> None:
    cell = 'material = coded.of_study(s, "tenants")'
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", COUNT, cell, parameters=PARAMETERS))
    assert set(notebook.tables) == {"sessions", "documents", "codes", "codings", "attributes"}


def test_modules_are_followed_through_their_imports_but_no_further(root: Path) -> None:
    source = root / "src"
    used = names(modules_used(("from koppelkans.locale.language import number",), source), source)
    modules = {name for name in used if name.endswith(".py")}
    assert modules == {"__init__.py", "errors.py", "locale/__init__.py", "locale/catalogs.py", "locale/language.py"}
    assert "locale/nl/LC_MESSAGES/koppelkans.po" in used
    used = names(modules_used(("import koppelkans.study as s",), source), source)
    assert {"study/study.py", "errors.py", "locale/catalogs.py"} <= used and not any(
        name.startswith("figures") for name in used
    )


def test_data_files_beside_a_module_count_as_part_of_it(root: Path) -> None:
    used = names(modules_used(("from koppelkans import figures",), root / "src"), root / "src")
    assert {"figures/captions/nl.yml", "figures/captions/en.yml"} <= used


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("s.table(name)", "needs the name of a table in quotation marks"),
        ("x = = 1", "expected Python code"),
    ],
)
def test_code_whose_inputs_cannot_be_known_is_refused(tmp_path: Path, cell: str, expected: str) -> None:
    with pytest.raises(KoppelkansError, match=expected):
        read_notebook(notebook_file(tmp_path / "01-a.ipynb", cell, parameters=PARAMETERS))


def test_untyped_parameters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="expected only typed ones"):
        read_notebook(notebook_file(tmp_path / "01-a.ipynb", parameters='study = "klein"'))


@pytest.mark.parametrize("kind", ["Path", "dict", "int5", "5", "list[Path]", "Literal", "Literal[x]", "'int'", "a.int"])
def test_a_parameter_of_an_unknown_type_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(KoppelkansError) as caught:
        read_notebook(notebook_file(tmp_path / "01-a.ipynb", parameters=f"{PARAMETERS}\nfrom_: {kind} = 1"))
    assert f"cell tagged 'parameters': parameter 'from_' has type {kind!r}, expected one of str, int" in str(
        caught.value
    )


@pytest.mark.parametrize("kind", ["list", "list[list[int]]", "int | None", "str | int | None", "Literal[1, 'a']"])
def test_a_parameter_of_a_known_type_is_taken(tmp_path: Path, kind: str) -> None:
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", parameters=f"{PARAMETERS}\nn: {kind}"))
    assert notebook.parameters[-1].kind == kind


@pytest.mark.parametrize(
    "label",
    ["timeline", "fig-", "Fig-x", "fig-Tijd", "fig-a_b", "fig-a b", "fig-../x", '"fig-x"', "tabel-1", "", "fig-é"],
)
def test_a_label_of_another_form_is_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(KoppelkansError) as caught:
        read_notebook(notebook_file(tmp_path / "01-a.ipynb", f"#| label: {label}\n1", parameters=PARAMETERS))
    assert f"code cell 2: found the label {label!r}, expected fig- or tbl-" in str(caught.value)


def test_a_notebook_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "01-a.ipynb").mkdir()
    with pytest.raises(KoppelkansError, match=r"01-a\.ipynb: found a folder, expected a file"):
        read_notebook(tmp_path / "01-a.ipynb")


def test_a_label_stands_once(tmp_path: Path) -> None:
    for name in ("01-a", "02-b"):
        notebook_file(tmp_path / "notebooks" / f"{name}.ipynb", FIGURE, parameters=PARAMETERS)
    with pytest.raises(KoppelkansError, match="label fig-timeline stands in 01-a too"):
        all_notebooks(tmp_path)


def test_a_broken_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "01-a.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(KoppelkansError, match=r"01-a\.ipynb: not a Jupyter notebook"):
        read_notebook(tmp_path / "01-a.ipynb")


def test_the_notebooks_keep_to_their_form(root: Path) -> None:
    notebooks = all_notebooks(root)
    assert [n.name for n in notebooks] == [
        "00-transcripts", "01-sessions", "02-effects", "03-tenants", "04-homeowners", "05-preferences",
        "06-integration", "07-claims", "09-expectations", "10-context",
    ]  # fmt: skip
    for notebook in notebooks:
        assert len(notebook.code) <= 30, notebook.name
        assert not any(
            line.startswith(("def ", "class ", "async def ")) for c in notebook.code for line in c.split("\n")
        )
        assert {"study", "language", "seed"} <= {p.name for p in notebook.parameters}, notebook.name
        assert "write_results(" in notebook.code[-1], notebook.name


def test_what_field_data_show_is_made_only_where_a_study_has_them(tmp_path: Path) -> None:
    cells = [f"#| label: {label}\n1" for label in ("fig-a", "fig-field-a", "tbl-field-a", "fig-afield")]
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", *cells, parameters=PARAMETERS))
    assert notebook.labels_shown(field_data=True) == notebook.labels
    assert notebook.labels_shown(field_data=False) == ("fig-a", "fig-afield")
