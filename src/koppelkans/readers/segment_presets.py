"""How programs head the columns of their tables of coded segments, in the languages that they speak."""

from __future__ import annotations

import re
from dataclasses import dataclass

from koppelkans.readers.grids import normal

ROLES = (
    "document",
    "code",
    "codes",
    "text",
    "start",
    "end",
    "coder",
    "respondent",
    "comment",
    "place",
    "place_end",
    "id",
    "above",
)
"""What a column can be. start and end are characters; place and place_end are paragraphs, pages or times; above is a
code above the code, nearest first; codes are columns that each hold a code of their own."""


_NUMBERED = re.compile(r"(?:code|codes|thema|theme|tag|label|codering|kode) ?\d{1,2}")


@dataclass(frozen=True)
class Preset:
    """The headers of one program: role -> headers as `normal` gives them.

    needs: roles without which it is another table. signs: headers of which at least `least` must be there, since codes
    and texts are called alike elsewhere. several: whether one cell may hold several codes.
    """

    name: str
    program: str
    headers: dict[str, tuple[str, ...]]
    needs: tuple[str, ...]
    signs: frozenset[str]
    least: int = 1
    several: bool = False

    def role_of(self, header: str) -> str:
        """Return the role of a header, "" where it has none; in a general table, codes where it is numbered."""
        plain = normal(header)
        if self.name == "table" and _NUMBERED.fullmatch(plain):
            return "codes"
        return next((role for role, names in self.headers.items() if plain in names), "")

    def fits(self, header: list[str]) -> int:
        """Return how many cells of a header row this program knows, 0 where the row is not its own."""
        plain = {normal(cell) for cell in header if cell}
        roles = {self.role_of(cell).replace("codes", "code") for cell in header}
        if not set(self.needs) <= roles or len(plain & self.signs) < self.least:
            return 0
        known = {name for names in self.headers.values() for name in names} | self.signs
        return len(plain & known)


def _words(text: str) -> tuple[str, ...]:
    return tuple(normal(word) for word in text.split("|"))


ATLAS = Preset(
    name="atlas.ti",
    program="ATLAS.ti",
    headers={
        "id": _words("ID|Number|Nummer|Quotation ID|Citaat-ID|Zitat-ID"),
        "text": _words(
            "Quotation Content|Text Content|Content|Quotation|Quotation Text|Citaatinhoud|Inhoud van citaat|"
            "Inhoud citaat|Inhoud van het citaat|Citaat inhoud|Tekstinhoud|Citaattekst|Zitatinhalt|Zitat-Inhalt|"
            "Inhalt des Zitats|Textinhalt|Conteúdo da citação|Conteúdo do texto|Conteúdo de citação|"
            "Conteúdo de texto|Contenido de la cita|Contenido de cita|Contenido del texto|Contenido de texto"
        ),
        "document": _words("Document|Document Name|Documentnaam|Dokument|Dokumentname|Documento|Nome do documento|"
                           "Nombre del documento"),
        "code": _words("Codes|Code|Coderingen|Kodes|Kode|Códigos|Código|Codificações|Applied Codes|Toegepaste codes"),
        "comment": _words("Comment|Quotation Comment|Opmerking|Commentaar|Opmerkingen|Kommentar|Comentário|Comentario"),
        "place": _words("Reference|Referentie|Verwijzing|Referenz|Referência|Referencia|Start Position|Start|"
                        "Startpositie|Startposition|Posição inicial|Posición inicial"),
        "place_end": _words("End Position|End|Eindpositie|Endposition|Posição final|Posición final"),
        "coder": _words("Created by|Creating User|Creator|Gemaakt door|Aangemaakt door|Erstellt von|Angelegt von|"
                        "Criado por|Creado por"),
    },
    needs=("text",),
    signs=frozenset(_words(
        "Quotation Content|Quotation Name|Quotation Comment|Citaatinhoud|Inhoud van citaat|Inhoud citaat|Citaatnaam|"
        "Inhoud van het citaat|Naam citaat|Naam van citaat|Zitatinhalt|Zitat-Inhalt|Zitatname|Zitat-Name|"
        "Name des Zitats|"
        "Inhalt des Zitats|Conteúdo da citação|Conteúdo de citação|Nome da citação|Nome de citação|"
        "Contenido de la cita|"
        "Contenido de cita|Nombre de la cita|Nombre de cita|Density|Dichtheid|Dichte|Densidade|Densidad|"
        "Document Groups|Documentgroepen|Dokumentgruppen|Grupos de documentos|Text Content|Tekstinhoud|Textinhalt"
    )),
    several=True,
)  # fmt: skip

MAXQDA = Preset(
    name="maxqda",
    program="MAXQDA",
    headers={
        "document": _words("Document name|Document|Dokumentname|Dokument|Documentnaam|Nombre de documento"),
        "code": _words("Code|Código"),
        "text": _words("Segment|Coded segment|Coded segments|Retrieved segment|Retrieved segments|Codiertes Segment|"
                       "Codierte Segmente|Gecodeerd segment|Gecodeerde segmenten|Preview|Vorschau|Voorbeeld|Segmento"),
        "comment": _words("Comment|Kommentar|Commentaar|Opmerking|Comentario"),
        "place": _words("Begin|Beginning|Anfang|Start|Inicio"),
        "place_end": _words("End|Ende|Einde|Eind|Fin|Final"),
        "coder": _words("Created by|Author|Erstellt von|Autor|Gemaakt door|Aangemaakt door|Auteur|Creado por"),
    },
    needs=("document", "code", "text"),
    signs=frozenset(_words(
        "Document group|Dokumentgruppe|Documentgroep|Weight score|Weight|Gewicht|Area|Fläche|Oppervlakte|Gebied|"
        "Coverage %|Abdeckungsgrad %|Dekking %|Color|Farbe|Kleur|Retrieved segment|Coded segments|Codierte Segmente|"
        "Gecodeerde segmenten|Segment|Beginning|Grupo de documentos"
    )),
    least=2,
)  # fmt: skip

QUALCODER = Preset(
    name="qualcoder",
    program="QualCoder",
    headers={
        "document": ("file", "filename"),
        "respondent": ("case",),
        "coder": ("coder",),
        "text": ("coded",),
        "id": ("id",),
        "code": ("codename",),
        "comment": ("coded memo", "memo"),
        "above": ("category",),
    },
    needs=("coder", "text", "code"),
    signs=frozenset(("codename",)),
)

TAGUETTE = Preset(
    name="taguette",
    program="Taguette",
    headers={"id": ("id",), "document": ("document",), "code": ("tag",), "text": ("content",)},
    needs=("document", "code", "text"),
    signs=frozenset(("tag",)),
)

NVIVO = Preset(
    name="nvivo",
    program="NVivo",
    headers={
        "document": _words("Source Name|Source|File Name|File|Files|Bestand|Bestandsnaam|Bron|Datei|Dateiname|Quelle|"
                           "Archivo|Arquivo|Fichier|Hierarchical Name"),
        "code": _words("Code Name|Node Name|Node|Nodes|Code|Codes|Knooppunt|Knoten|Nodo|Nó|Code or Node"),
        "text": _words("Coded Text|Coding Reference|Reference Text|Gecodeerde tekst|Codierter Text|Texto codificado|"
                       "Text|Content"),
        "coder": _words("Coded By Initials|Coded By|Coded By Username|Coded By Name|Gecodeerd door|Codiert von|"
                        "Codificado por"),
        "place": _words("Reference Number|Referentienummer|Verwijzingsnummer|Referenznummer"),
        "start": _words("Start Position|Start Character|Character Start"),
        "end": _words("End Position|End Character|Character End"),
        "respondent": _words("Case|Case Name|Casus|Fall"),
    },
    needs=("document", "code", "text"),
    signs=frozenset(_words("Coded Text|Coded By Initials|Coded By|Coded By Username|Reference Number|Coverage|Dekking|"
                           "Abdeckung|Gecodeerde tekst|Codierter Text|Number Of Coding References|Coding Reference")),
)  # fmt: skip

GENERIC = Preset(
    name="table",
    program="table",
    headers={
        "document": _words("document|documentnaam|document name|bron|source|file|filename|bestand|interview|transcript|"
                           "dokument|dokumentname|documento|bestandsnaam|titel|title|source name"),
        "code": _words("code|codes|codename|code name|thema|theme|tag|tags|label|subthema|codering|category|categorie|"
                       "kode|codigo"),
        "text": _words("text|tekst|fragment|segment|citaat|quote|quotation|passage|content|inhoud|coded text|excerpt|"
                       "uitspraak|texto|zitat|data segment"),
        "start": _words("start|begin|pos0|start char|start character|start offset|startpositie|beginpositie|"
                        "start position|char start|from"),
        "end": _words("end|einde|eind|pos1|end char|end character|end offset|eindpositie|end position|char end|to"),
        "coder": _words("coder|codeur|codeerder|annotator|rater|beoordelaar|user|owner|coded by|gecodeerd door"),
        "respondent": _words("respondent|participant|deelnemer|case|casus|persoon|geinterviewde|respondentnummer"),
        "comment": _words("comment|opmerking|memo|toelichting|note|notes|commentaar|kommentar"),
        "place": _words("place|plaats|paragraph|alinea|page|pagina|regel|line|time|tijd|reference|timestamp"),
    },
    needs=("code", "text"),
    signs=frozenset(),
    least=0,
    several=True,
)  # fmt: skip

PRESETS = (QUALCODER, TAGUETTE, MAXQDA, ATLAS, NVIVO, GENERIC)


def recognise(rows: list[list[str]], only: str | None = None) -> tuple[Preset, int] | None:
    """Return the program whose headers stand in one of the first rows, and which row; None where no row is a header.

    The program that knows most cells of the row wins; the general table only where no program fits.
    """
    candidates = [preset for preset in PRESETS if only in (None, preset.name)]
    best: tuple[int, int, Preset, int] | None = None
    for number, row in enumerate(rows[:30]):
        for preset in candidates:
            known = preset.fits(row)
            rank = (known if preset is not GENERIC else 0, -number)
            if known and (best is None or rank > best[:2]):
                best = (*rank, preset, number)
    return (best[2], best[3]) if best else None
