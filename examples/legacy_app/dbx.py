"""dbx - thin database layer.

All statements run in their own transaction.
"""
import sqlite3
from datetime import datetime
from decimal import Decimal

import config
import util

conn = sqlite3.connect(config.DB)
conn.row_factory = sqlite3.Row
conn.execute("PRAGMA synchronous = OFF")          # HAL-151 too slow on the NAS
conn.execute("PRAGMA journal_mode = MEMORY")

NQ = 0


def q(sql, args=()):
    global NQ
    NQ += 1
    return conn.execute(sql, args).fetchall()


def q1(sql, args=()):
    rows = q(sql, args)
    if rows:
        return rows[0][0]
    return None


def ex(sql, *args):
    c = conn.execute(sql, args)
    conn.commit()
    return c.lastrowid


def history(acct_no):
    """List of history rows of the account, newest first."""
    global NQ
    NQ += 1
    for r in conn.execute("SELECT dt, kind, amount FROM hist WHERE acct_no = ? ORDER BY dt", (acct_no,)):
        yield r


def load_account(row):
    """sqlite row -> account dict (read only)"""
    a = {}
    a["no"] = row["acct_no"]
    a["name"] = util.clean(row["name"])
    a["addr"] = row["addr"]
    a["city"] = row["city"]
    a["region"] = row["region"]
    a["tier"] = row["tier"]
    a["balance"] = Decimal(str(row["balance"]))
    a["due_y"] = row["due_y"]
    a["due_m"] = row["due_m"]
    a["due_d"] = row["due_d"]
    a["opened"] = util.parse_date(row["opened"])
    a["last_paid"] = util.parse_date(row["last_paid"])
    a["phone"] = row["phone"]
    a["disputed"] = row["disputed"]
    a["dd"] = row["dd"]
    a["oldscore"] = row["score"]
    a["late"] = 0
    a["fees"] = []
    a["bscore"] = None
    return a


def promise_count(acct_no, since, kind="BRK", _cache={}):
    """Number of broken (or kept) promises since the given date."""
    k = (acct_no, kind)
    if k not in _cache:
        _cache[k] = q1("SELECT count(*) FROM hist WHERE acct_no = ? AND kind = ? AND dt >= ?",
                       (acct_no, kind, since.isoformat()))
    return _cache[k]


def log_contact(acct_no, action, detail, score):
    now = datetime.now()
    conn.execute("INSERT INTO contacts (acct_no, action, detail, score, at) VALUES (?, ?, ?, ?, ?)",
                 (acct_no, action, detail, score, now.strftime("%Y-%m-%d %H:%M:%S")))
    if now.hour >= 6 and now.hour < 7:
        # cutoff, operators come in at 6 and want to see something
        conn.commit()
    return now


def note_text(blob):
    if blob is None:
        return ""
    t = blob.decode("utf-8")
    t = t.replace("|", "/").replace("\r", "")
    if len(t) > 60:
        t = t[:57] + "..."
    return t


def push_notes(limit=None):
    """Copies the agents' notes to notes_out for the agency.  All or nothing."""
    n = 0
    rows = conn.execute("SELECT acct_no, note FROM accounts ORDER BY acct_no").fetchall()
    conn.execute("DELETE FROM notes_out")
    for r in rows[:limit]:
        t = note_text(r["note"])
        conn.execute("INSERT INTO notes_out (acct_no, txt) VALUES (?, ?)", (r["acct_no"], t))
        n += 1
        if n % config.COMMIT_EVERY == 0:
            conn.commit()
    conn.commit()
    return n


def close_all():
    try:
        conn.close()
    except:
        pass
