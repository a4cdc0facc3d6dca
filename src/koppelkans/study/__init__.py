"""What a study is: study.yml, its paths, the schema of every table, and checking them."""

from koppelkans.study.files import read_text, write_atomically
from koppelkans.study.plain_yaml import parse_yaml
from koppelkans.study.study import ORIGINS, Study, known_studies, open_study, project_root

__all__ = [
    "ORIGINS",
    "Study",
    "known_studies",
    "open_study",
    "parse_yaml",
    "project_root",
    "read_text",
    "write_atomically",
]
