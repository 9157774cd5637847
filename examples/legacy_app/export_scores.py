# export_scores.py - scores for the call centre's dialer (ask Ruth before changing)
import os
import sqlite3
import struct
import sys

db = sys.argv[1] if len(sys.argv) > 1 else "halloran.db"
out = sys.argv[2] if len(sys.argv) > 2 else os.path.join("out", "scores.dat")


def pack_row(no, score):
    # 7 chars account, 2 bytes score
    return no.encode("ascii") + struct.pack(">H", score)


def export(db, out):
    c = sqlite3.connect(db)
    n = 0
    f = open(out, "wb")
    for no, score in c.execute("SELECT acct_no, score FROM accounts WHERE score IS NOT NULL ORDER BY score, acct_no"):
        f.write(pack_row(no, score))
        n += 1
    f.close()
    c.close()
    return n


if __name__ == "__main__":
    print(export(db, out), "scores")
