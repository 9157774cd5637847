# report.py - morning report, bank file
import os
from decimal import Decimal

import config
import util


class Totals:
    pass


def new_totals():
    t = Totals()
    t.n = 0
    t.bal = Decimal("0")
    t.late = 0
    t.actions = {}
    t.scores = []
    return t


def add_row(tot, acct, action, score):
    tot.n += 1
    tot.bal += acct["balance"]
    if acct["late"] > 0:
        tot.late += 1
    tot.actions[action] = tot.actions.get(action, 0) + 1
    tot.scores.append(score)
    return tot


def band(score):
    """Score band for the report: low, medium, high (0-100)."""
    if score < 200:
        return "E"
    if score < 350:
        return "D"
    if score < 450:
        return "C"
    if score < 580:
        return "B"
    return "A"


def histogram(scores):
    h = {}
    for s in scores:
        h[band(s)] = h.get(band(s), 0) + 1
    return h


def bar(n, total, width=40):
    if total == 0:
        return ""
    return "#" * int(n * width / total + 0.5)


def region_rows(items):
    """One report line per region, in alphabetical order."""
    out = []
    for reg in set([i["region"] for i in items]):
        n = 0
        b = Decimal("0")
        sc = 0
        for i in items:
            if i["region"] == reg:
                n += 1
                b += i["balance"]
                sc += i["score"]
        out.append("%s %5d %s  avg %3d" % (util.pad(reg, 4), n, util.pad(util.money(b), 16, True), sc // n))
    return out


def write_report(tot, items, today):
    fn = os.path.join(config.OUT, "report_%s.txt" % util.fmt_date(today, "file"))
    f = open(fn, "w")
    f.write("HALLORAN RECEIVABLES   NIGHTLY REPORT   %s\n\n" % util.fmt_date(today))
    f.write("accounts %d   late %d   balance %s\n\n" % (tot.n, tot.late, util.money(tot.bal)))
    for line in region_rows(items):
        f.write(line + "\n")
    f.write("\n")
    for k in sorted(tot.actions):
        f.write("%s %5d\n" % (util.pad(k, 8), tot.actions[k]))
    f.write("\n")
    h = histogram(tot.scores)
    for k in "ABCDE":
        f.write("%s %5d %s\n" % (k, h.get(k, 0), bar(h.get(k, 0), tot.n)))
    f.close()
    return fn


# ---- bank file.  Format: SEPA-like, agreed with Mr. Odell at the bank 2011

def bank_line(acct_no, name, amt):
    return "D" + util.pad(acct_no, 10) + util.pad(name, 20) + "%09d" % int(util.roundUp(amt) * 100 + 0.5)


def control_total(debits):
    """Sum of the debit lines, as the bank checks it."""
    t = Decimal("0")
    for d in debits:
        t += util.r2(d[2])
    return t


def write_bank(debits, today):
    fn = os.path.join(config.OUT, "bank_%s.txt" % util.fmt_date(today, "file"))
    f = open(fn, "w")
    f.write("H" + util.fmt_date(today, "file") + "HALLORAN\n")
    for d in debits:
        f.write(bank_line(d[0], d[1], d[2]) + "\n")
    f.write("T%06d%012d\n" % (len(debits), util.cents(control_total(debits))))
    f.close()
    return fn
