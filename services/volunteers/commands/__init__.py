"""What one can do: plan shifts, sign up, keep the hours. The only writers; they never commit, the edges do."""

from services.volunteers.commands.imports.places import import_places
from services.volunteers.commands.imports.school_holidays import import_school_holidays
from services.volunteers.commands.imports.shifts import import_shifts

IMPORTS = {"places": import_places, "school-holidays": import_school_holidays, "shifts": import_shifts}
