"""Everything that changes inventory: functions that take a session and never commit."""

from services.inventory.commands.correct_stock import correct_stock
from services.inventory.commands.hand_out import hand_out
from services.inventory.commands.imports import import_facilities, import_materials
from services.inventory.commands.maintain import change_depot, change_resource
from services.inventory.commands.take_back import take_back

__all__ = [
    "IMPORTS",
    "change_depot",
    "change_resource",
    "correct_stock",
    "hand_out",
    "import_facilities",
    "import_materials",
    "take_back",
]

IMPORTS = {"materials": import_materials, "facilities": import_facilities}
