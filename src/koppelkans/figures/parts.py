"""The parts of the study that findings stand in, as figures name and colour them."""

from __future__ import annotations

from koppelkans.figures.style import BLUE, GREEN, ORANGE, PURPLE

PARTS: dict[str, tuple[dict[str, str], str]] = {
    "1": ({"nl": "§ 1.3 Gezamenlijke acties", "en": "§ 1.3 Joint actions"}, BLUE),
    "Tabel 1": ({"nl": "Tabel 1 Sessies", "en": "Table 1 Sessions"}, BLUE),
    "2.1": ({"nl": "§ 2.1 Oordeel over sessies", "en": "§ 2.1 Views on sessions"}, BLUE),
    "2.2": ({"nl": "§ 2.2 Veranderverhalen", "en": "§ 2.2 Change stories"}, GREEN),
    "2.3": ({"nl": "§ 2.3 Huurders", "en": "§ 2.3 Tenants"}, ORANGE),
    "2.4": ({"nl": "§ 2.4 Woningeigenaren", "en": "§ 2.4 Homeowners"}, PURPLE),
}
"""Parts of the study with findings, in the order of the figure: name and colour (that of the work package)."""
