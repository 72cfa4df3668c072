"""Reports: one typed value, rendered to HTML, Markdown and JSON."""
