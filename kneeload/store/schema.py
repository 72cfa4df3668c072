"""The log's tables, and the steps that lead from every released schema to the newest."""

APPLICATION_ID = 0x6B6E6C64  # "knld": tells a log from any other SQLite file

_V1 = """
CREATE TABLE source (
    digest      TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    path        TEXT NOT NULL,
    file        TEXT NOT NULL,
    sport       TEXT NOT NULL,
    content     BLOB NOT NULL,
    companion   BLOB NOT NULL,
    imported_at TEXT NOT NULL
) STRICT;

CREATE TABLE activity (
    run_id          TEXT PRIMARY KEY,
    digest          TEXT NOT NULL REFERENCES source (digest) ON DELETE CASCADE,
    session_index   INTEGER NOT NULL,
    sport           TEXT NOT NULL,
    sport_inferred  INTEGER NOT NULL,
    started_at      TEXT NOT NULL,
    clock_known     INTEGER NOT NULL,
    utc_offset_s    INTEGER NOT NULL,
    offset_source   TEXT NOT NULL,
    local_date      TEXT NOT NULL,
    distance_km     REAL,
    distance_source TEXT NOT NULL,
    moving_s        REAL,
    elapsed_s       REAL,
    ascent_m        REAL,
    descent_m       REAL,
    avg_hr_bpm      REAL,
    max_hr_bpm      REAL,
    avg_cadence_spm REAL,
    rpe             REAL,
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    private_note    TEXT NOT NULL,
    gear            TEXT NOT NULL,
    device          TEXT NOT NULL,
    suspect_reason  TEXT NOT NULL,
    warnings        TEXT NOT NULL,
    profile         BLOB NOT NULL,
    UNIQUE (digest, session_index)
) STRICT;

-- Everything the runner says: an append-only journal. What stands is what its entries, less the
-- undone ones, add up to; so edits outlive re-imports, and undo is a mark on the last batch.
CREATE TABLE journal (
    entry_id   INTEGER PRIMARY KEY,
    batch      INTEGER NOT NULL,
    entered_at TEXT NOT NULL,
    verb       TEXT NOT NULL CHECK (verb IN ('add', 'edit', 'remove')),
    object     TEXT NOT NULL CHECK (object IN ('pain', 'run', 'flag', 'pair', 'diary')),
    subject    TEXT NOT NULL,
    payload    TEXT NOT NULL CHECK (json_valid(payload)),
    undone     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX journal_batch ON journal (batch) WHERE undone = 0;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Files on disk whose content the log has dealt with: unchanged ones need not be opened again.
CREATE TABLE seen (
    path     TEXT PRIMARY KEY,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    files    INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    skipped  TEXT NOT NULL
) STRICT;
"""

_OBJECTS = "'pain', 'run', 'flag', 'pair', 'diary'"
_JOURNAL = _V1[_V1.index("CREATE TABLE journal") : _V1.index("CREATE TABLE setting")]

# Lines of the pain inbox are entries of the journal like all that the runner says; SQLite cannot
# widen a CHECK, so the table is made anew. What each inbox file held when it was last read is this
# machine's affair and leaves with no export. What a watch tells of pain and of how a run felt
# stands beside its run; so do when the runner moved, so that a
# watch that ran on overlaps no later run, and what the device measured where the account's word
# counts. Rows without the first two are of an older kneeload.
_V2 = f"""
ALTER TABLE journal RENAME TO journal_1;
DROP INDEX journal_batch;
{_JOURNAL.replace(_OBJECTS, f"{_OBJECTS}, 'line'").strip()}
INSERT INTO journal SELECT * FROM journal_1;
DROP TABLE journal_1;

CREATE TABLE inbox_file (
    path     TEXT PRIMARY KEY,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    since    TEXT NOT NULL,
    lines    TEXT NOT NULL
) STRICT;

ALTER TABLE activity ADD COLUMN workout_feel REAL;
ALTER TABLE activity ADD COLUMN watch_pain TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN moved_from_s REAL;
ALTER TABLE activity ADD COLUMN moved_until_s REAL;
ALTER TABLE activity ADD COLUMN device_distance_km REAL;
"""  # noqa: S608 - fixed text

MIGRATIONS: tuple[str, ...] = (_V1, _V2)
VERSION = len(MIGRATIONS)
