"""A rule, an importer and a load method that kneeload finds by their entry points."""
