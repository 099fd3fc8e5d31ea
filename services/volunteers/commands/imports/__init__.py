"""Tables that coordinators keep in a spreadsheet, taken in as they are."""
