"""Tables that staff keep in a spreadsheet, taken in as they are."""

from services.inventory.commands.imports.facilities import import_facilities
from services.inventory.commands.imports.materials import import_materials

__all__ = ["import_facilities", "import_materials"]
