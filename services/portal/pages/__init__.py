"""One module per area of the site. Each has a `blueprint`, which the app finds by itself."""
