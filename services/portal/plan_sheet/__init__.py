"""The plan as a coordinator types it: lines (a shift each, with its roles) on a sheet that loses nothing."""
