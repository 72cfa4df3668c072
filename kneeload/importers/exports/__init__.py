"""Account exports: what each platform packs beside or instead of activity files."""
