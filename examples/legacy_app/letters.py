# letters.py -- dunning letters
import os

import config
import util

SUBJ = {"REMIND": "A friendly reminder", "LETTER1": "Your account is overdue",
        "LETTER2": "SECOND NOTICE", "AGENCY": "FINAL NOTICE before placement"}

PARAS = {
    "soft": "It may have slipped your attention that a payment of {amt} was due.",
    "firm": "We have not received the payment of {amt} that was due on your account.",
    "hard": "Despite earlier notices the amount of {amt} remains unpaid.",
}


class Letter:
    def __init__(self, acct, kind, tone):
        self.acct = acct
        self.kind = kind
        self.tone = tone
        self.ref = None
        self.variant = "A"
        self.lines = []

    def add(self, txt=""):
        self.lines.append(txt)
        return self

    def text(self):
        return "\n".join(self.lines) + "\n"

    def filename(self, d):
        return "%s_%s_%s%s.txt" % (util.fmt_date(d, "file"), self.acct["no"], self.kind, self.variant)


def nextRef(prefix, _seq=[1000]):
    """Unique letter reference with check digit."""
    _seq[0] += 1
    ref = "%s%05d" % (prefix, _seq[0])
    return ref + util.checkdigit(ref)


def pick_variant(acct_no):
    """30 % of the customers get text B, always the same ones (test 2015)."""
    if hash(acct_no) % 10 < 3:
        return "B"
    return "A"


def greeting(name):
    if name.startswith("CITY OF") or name.endswith(" INC") or name.endswith(" LLC"):
        return "Dear Sir or Madam,"
    p = name.title().split(" ")
    if len(p) > 1:
        return "Dear %s," % p[-1]
    return "Dear Customer,"


def address_block(acct):
    out = [acct["name"], (acct["addr"] or "").title(), util.clean(acct["city"])]
    return [x for x in out if x]


def last_contact(hist):
    """Date of our last letter or call, from the history."""
    d = None
    for h in hist:
        if h["kind"] in ("LTR", "CAL"):
            d = util.parse_date(h["dt"])
    return d


def plan_table(rows):
    t = []
    for r in rows:
        t.append("  %2d  %s  %s" % (r["no"], util.pad(util.fmt_date(r["due"], "us"), 10),
                                   util.pad(util.money(r["amount"]), 12, True)))
    return t


def build(acct, kind, tone, amt, today, last=None, plan=None):
    """Makes the letter.  Pure function."""
    ltr = Letter(acct, kind, tone)
    ltr.ref = nextRef("L" if kind != "AGENCY" else "F")
    ltr.variant = pick_variant(acct["no"])
    for x in address_block(acct):
        ltr.add(x)
    ltr.add().add("Ref %s    %s" % (ltr.ref, util.fmt_date(today))).add()
    ltr.add(SUBJ.get(kind, kind)).add().add(greeting(acct["name"])).add()
    p = PARAS[tone].format(amt=util.money(amt))
    if ltr.variant == "B":
        p = p + " You can pay online at any time."
    ltr.add(p)
    if last is not None:
        ltr.add("We last contacted you on %s." % util.fmt_date(last))
    if acct["fees"]:
        ltr.add("This includes a late fee of %s." % util.money(acct["fees"][-1][1]))
    if plan:
        ltr.add("We offer you the following plan:")
        for x in plan_table(plan):
            ltr.add(x)
    ltr.add("Please pay by %s." % util.fmt_date(util.next_bizday(today, 7)))
    ltr.add().add("Halloran Receivables").add("Balance: %s" % util.money(acct["balance"]))
    acct["lastref"] = ltr.ref
    return ltr


def write(ltr, d=util.TODAY):
    p = os.path.join(config.OUT, "letters")
    try:
        os.mkdir(p)
    except:
        pass
    fn = os.path.join(p, ltr.filename(d))
    f = open(fn, "w")
    f.write(ltr.text())
    f.close()
    return fn
