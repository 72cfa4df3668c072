"""The log in open formats: an archive to keep, a copy to share."""
