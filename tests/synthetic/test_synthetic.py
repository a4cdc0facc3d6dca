"""The synthetic neighbourhood: the same files for the same seed, marked everywhere, and read like field data."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from conftest import Run

from koppelkans.errors import KoppelkansError
from koppelkans.figures.exhibit import SYNTHETIC_MARK
from koppelkans.readers import read_project
from koppelkans.readers.word import read_word
from koppelkans.study import known_studies, open_study
from koppelkans.study.checksums import changed_raw_files
from koppelkans.synthetic.answers import NOT_ASKED, answers
from koppelkans.synthetic.coders import coded
from koppelkans.synthetic.people import interviewed, residents
from koppelkans.synthetic.talk import MARK, interviews
from koppelkans.synthetic.truth import DEFAULT, Truth, bank, read_truth
from koppelkans.synthetic.write import Sizes, write_study
from koppelkans.workflow.tidy import read_tables, write_tables

pytestmark = pytest.mark.slow

SHIPPED = "voorbeeldwijk"
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return read_truth()


@pytest.fixture(scope="module")
def shipped(root: Path) -> Path:
    return root / "data" / "raw" / SHIPPED


@pytest.fixture(scope="module")
def tables(root: Path) -> Tables:
    return read_tables(open_study(SHIPPED, root))


def sums(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def compendium(tmp_path: Path) -> Path:
    """An empty compendium; studies go below its data/raw."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "04-homeowners.ipynb").touch()  # study.yml sets a parameter of it
    return tmp_path / "data" / "raw"


class TestTheShippedStudy:
    def test_it_is_what_its_command_makes(self, shipped: Path, tmp_path: Path) -> None:
        made_with = yaml.safe_load((shipped / "study.yml").read_text(encoding="utf-8"))["made_with"]
        write_study(DEFAULT, Sizes(**made_with), tmp_path / SHIPPED)
        again, before = sums(tmp_path / SHIPPED), sums(shipped)
        differs = sorted(name for name in {*again, *before} if again.get(name) != before.get(name))
        assert differs == [], "run koppelkans synthesise anew, with the sizes and the seed in study.yml"

    def test_its_checksums_hold(self, shipped: Path) -> None:
        assert changed_raw_files(shipped) == []

    def test_every_row_of_it_is_synthetic(self, root: Path, tables: Tables) -> None:
        study = open_study(SHIPPED, root)
        assert {entry["origin"] for entry in study.tables.values()} == {"synthetic"}
        assert set(tables) == set(study.tables)
        assert [name for name, table in tables.items() if table.empty] == ["turns"], "its interviews are no transcripts"
        assert not study.has_report and study.minimum_cell == 1

    def test_every_file_says_that_software_made_it(self, shipped: Path) -> None:
        for path in shipped.rglob("*"):
            if path.is_dir() or path.name == "SHA256SUMS":
                continue
            content = path.read_bytes()
            if path.suffix in (".docx", ".xlsx", ".qdpx"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"".join(archive.read(name) for name in archive.namelist())
            text = content.decode("utf-8", "replace")
            assert MARK in text or all(row["origin"] == "synthetic" for row in csv.DictReader(io.StringIO(text))), path

    def test_documents_begin_with_the_mark(self, shipped: Path, tables: Tables) -> None:
        assert tables["documents"]["text"].str.startswith(f"{MARK}\n").all()
        for path in (shipped / "transcripts").iterdir():
            assert read_word(path).paragraphs[0].text == MARK

    def test_two_coders_read_the_interviews_and_one_of_five_for_the_evaluation_twice(self, tables: Tables) -> None:
        documents, codings = tables["documents"].set_index("document"), tables["codings"]
        assert documents["strand"].value_counts().to_dict() == {"homeowners": 15, "tenants": 12, "evaluation": 5}
        coders = codings.groupby("document")["coder"].nunique()
        twice = documents.index.isin(coders.index[coders == 2])
        assert documents["strand"].where(twice).value_counts().to_dict() == {
            "homeowners": 15,
            "tenants": 12,
            "evaluation": 1,
        }
        assert set(codings["coder"]) == {"coder-1", "coder-2"}

    def test_codings_hold_the_words_that_they_say(self, tables: Tables) -> None:
        text = tables["documents"].set_index("document")["text"]
        for coding in tables["codings"].itertuples():
            assert text[coding.document][coding.start : coding.end] == coding.text

    def test_tenants_and_homeowners_share_their_codes(self, tables: Tables) -> None:
        strand = tables["codings"]["document"].map(tables["documents"].set_index("document")["strand"])
        used = tables["codings"].groupby(strand)["code"].agg(set)
        assert len(used["tenants"] & used["homeowners"]) == 12 and not used["tenants"] & used["evaluation"]

    def test_who_is_interviewed_has_answers_and_the_same_attributes(self, tables: Tables) -> None:
        asked = set(tables["answers"]["respondent"])
        documents = tables["documents"].query("strand != 'evaluation'")
        assert set(documents["respondent"]) <= asked and len(asked) == 120
        assert not tables["attributes"].duplicated(["respondent", "attribute"]).any()

    def test_the_transcripts_are_the_texts_of_the_projects(self, shipped: Path, tables: Tables) -> None:
        for document in tables["documents"].itertuples():
            paragraphs = read_word(shipped / "transcripts" / f"{document.name}.docx").paragraphs
            assert "\n".join(paragraph.text for paragraph in paragraphs) == document.text

    def test_answers_read_back_as_they_were_drawn(self, shipped: Path, tables: Tables, truth: Truth) -> None:
        made_with = yaml.safe_load((shipped / "study.yml").read_text(encoding="utf-8"))["made_with"]
        people = residents(truth, made_with["respondents"], made_with["seed"])
        given = answers(truth, people, made_with["seed"]).set_index("respondent")
        read = tables["answers"]
        one = read[read["question"] == "information"].set_index("respondent")["option"]
        drawn = given["information"].where(given["information"].isin(truth.survey.information["tenants"]), "")
        assert one.to_dict() == drawn.to_dict()
        bill = read[(read["question"] == "bill") & read["value"].notna()].set_index("respondent")["value"]
        assert bill.to_dict() == given.loc[given["bill"] != "", "bill"].astype(float).to_dict()
        ranks = read[(read["question"] == "priorities") & read["rank"].notna()]
        assert all(given.at[row.respondent, f"priorities_{row.option}"] == str(row.rank) for row in ranks.itertuples())
        assert len(ranks) == 4 * given["priorities_cost"].str.isdigit().sum()

    def test_its_check_says_nothing_is_wrong(self, root: Path, run: Run) -> None:
        checked = run(root, "check", SHIPPED)
        assert checked.returncode == 0, checked.stderr
        assert "2 tables hold to their rules" in checked.stdout


def test_no_synthetic_number_stands_in_another_study(root: Path) -> None:
    for name in set(known_studies(root)) - {SHIPPED}:
        study = open_study(name, root)
        assert "synthetic" not in {entry["origin"] for entry in [*study.tables.values(), *study.field_data]}, name
        for made in [*study.processed.glob("*.csv"), *study.raw.rglob("*.csv")]:
            with made.open(encoding="utf-8", newline="") as opened:
                assert all(row.get("origin") != "synthetic" for row in csv.DictReader(opened)), made
        for made in (root / "build" / name).glob("*/**/*"):
            if made.suffix == ".svg":
                assert f'"{SYNTHETIC_MARK}"' not in made.read_text(encoding="utf-8"), made
            elif made.suffix in (".csv", ".html", ".qmd", ".json", ".ipynb"):
                assert MARK not in made.read_text(encoding="utf-8"), made


def test_the_exercises_in_the_manual_run(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = open_study(SHIPPED, root)
    raw = compendium(tmp_path)
    shutil.copytree(study.raw, raw / SHIPPED)
    write_tables(open_study(SHIPPED, tmp_path))
    monkeypatch.chdir(tmp_path)
    manual = (root / "docs" / "voorbeeldwijk.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", manual, re.DOTALL):
        exec(compile(block, "docs/voorbeeldwijk.md", "exec"), names)
    least = names["kappas"].sort_values("value")["path"].iloc[0]
    assert least == "vertrouwen > twijfel over beloften"
    assert {"tenants", "homeowners"} == set(names["answers"]["strand"])


class TestDrawing:
    def test_more_people_leave_the_first_ones_as_they_are(self, truth: Truth) -> None:
        few, many = (residents(truth, n, 7) for n in (40, 400))
        first = many.set_index("respondent").loc[few["respondent"]]
        assert first.equals(few.set_index("respondent"))
        given = answers(truth, many, 7).set_index("respondent").loc[few["respondent"]]
        assert given.equals(answers(truth, few, 7).set_index("respondent"))

    def test_more_interviews_leave_the_first_ones_and_their_codings_as_they_are(self, truth: Truth) -> None:
        few, many = ({one.respondent: one for one in interviews(truth, interviewed(truth, n), 7)} for n in (6, 20))
        for respondent, interview in few.items():
            assert many[respondent] == interview
            assert coded(truth, many[respondent], "coder-1", 7).equals(coded(truth, interview, "coder-1", 7))

    def test_another_seed_gives_another_neighbourhood(self, truth: Truth) -> None:
        one, other = (residents(truth, 40, seed) for seed in (1, 2))
        assert not one.equals(other)
        held = interviewed(truth, 6)
        assert interviews(truth, held, 1)[0].text != interviews(truth, held, 2)[0].text

    def test_passages_are_whole_sentences_about_their_theme(self, truth: Truth) -> None:
        for talk in interviews(truth, interviewed(truth, 12), 3):
            for start, end, code in talk.passages:
                assert talk.text[end - 1] in ".?" and talk.text[start - 1] == " "
                assert {about for a, z, about in talk.sentences if start <= a and z <= end} == {code}
            assert "{" not in talk.text

    def test_only_what_the_design_leaves_out_was_not_asked(self, truth: Truth) -> None:
        given = answers(truth, residents(truth, 300, 4), 4)
        silent = given.set_index("group") == NOT_ASKED
        asked_of_all = silent.drop(columns=[c for c in silent if c.startswith(("sources", "priorities", "help_kind"))])
        assert not asked_of_all.any(axis=None)
        assert not silent.loc["tenants"].filter(like="sources").any(axis=None)
        owners = given[given["group"] == "homeowners"]
        assert ((owners["sources_flyer"] == NOT_ASKED) == (owners["version"] == "B")).all()
        assert ((given["help_kind"] == NOT_ASKED) == (given["help"] != "yes")).all()

    def test_sentences_of_a_theme_occur_once_in_the_bank(self) -> None:
        said = [sentence for code in bank()["codes"].values() for sentence in code["say"]] + bank()["neutral"]
        assert len(said) == len(set(said))


class TestCommand:
    @pytest.mark.parametrize("respondents", [5, 5000])
    def test_small_and_large_neighbourhoods_are_written_and_read(self, tmp_path: Path, respondents: int) -> None:
        raw = compendium(tmp_path)
        write_study(DEFAULT, Sizes(respondents, min(respondents, 27), 3), raw / "buurt")
        read = read_tables(open_study("buurt", tmp_path))
        assert read["answers"]["respondent"].nunique() == respondents

    def test_it_says_what_it_wrote_and_names_the_study_after_its_folder(self, tmp_path: Path, run: Run) -> None:
        raw = compendium(tmp_path)
        shutil.copytree(
            Path(__file__).parents[2] / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__")
        )
        made = run(tmp_path, "synthesise", "--to", "data/raw/heuvel", "--respondents", "12", "--interviews", "4")
        assert made.returncode == 0, made.stderr
        assert "Written: data/raw/heuvel/study.yml" in made.stdout
        assert open_study("heuvel", tmp_path).title == {"nl": "Heuvel (synthetisch)", "en": "Heuvel (synthetic)"}
        assert len(read_project(raw / "heuvel" / "interviews" / "huurders-coder-a.qdpx").documents) == 2

    @pytest.mark.parametrize("option", ["--respondents=4", "--respondents=10000", "--respondents=veel", "--sed=1"])
    def test_an_option_that_cannot_be_is_refused_in_one_line(self, root: Path, run: Run, option: str) -> None:
        refused = run(root, "synthesise", "--to", "data/raw/nergens", option)
        assert refused.returncode == 2 and refused.stderr.startswith("koppelkans: ")
        assert refused.stderr.count("\n") == 1 and "Traceback" not in refused.stderr

    def test_a_folder_that_holds_something_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "mijn.txt").write_text("van mij")
        with pytest.raises(KoppelkansError, match="there is something already; name a new folder"):
            write_study(DEFAULT, Sizes(5, 5, 1), tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["mijn.txt"]

    def test_more_interviews_than_respondents_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(KoppelkansError, match="found 9 interviews and 5 respondents"):
            write_study(DEFAULT, Sizes(5, 9, 1), tmp_path / "buurt")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("was", "becomes", "expected"),
        [
            (
                "homeowners: 0.55 ",
                "homeowners: 55 ",
                "people, homeowners: found 55; input should be less than 1",
            ),
            ("do_not_know: 0.05", "", "survey, do_not_know: is missing; add it"),
            ("  taal:  ", "  dialect:  ", "themes, dialect: no sentences for it; expected one of rekening"),
            ("post: 0.34", "duif: 0.34", "survey, information: no question has the option 'duif'; expected post"),
            ("partners: {first: 3,", "buren: {first: 3,", "themes, taal: found the group 'buren'"),
            ("sensitivity: {default: 0.92, ", "sensitivity: {", "coders, coder-1, sensitivity: no default"),
            ("jitter: 0.15", "jiter: 0.15", "coders, coder-1, jiter: found 0.15"),
        ],
    )
    def test_a_truth_with_a_mistake_is_refused_with_its_place(
        self, tmp_path: Path, was: str, becomes: str, expected: str
    ) -> None:
        text = DEFAULT.read_text(encoding="utf-8")
        assert was in text
        (tmp_path / "truth.yml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
        with pytest.raises(KoppelkansError) as caught:
            read_truth(tmp_path / "truth.yml")
        assert expected in str(caught.value)

    def test_your_own_truth_goes_along_with_the_mark(self, tmp_path: Path) -> None:
        own = tmp_path / "mijn.yml"
        own.write_text("# van mij\n" + DEFAULT.read_text(encoding="utf-8").split("\n", 1)[1], encoding="utf-8")
        write_study(own, Sizes(6, 4, 1), tmp_path / "buurt")
        assert (tmp_path / "buurt" / "truth.yml").read_text(encoding="utf-8").startswith(f"# {MARK}\n# van mij\n")
