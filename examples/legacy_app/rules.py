# rules.py -- scoring and dunning rules
from datetime import timedelta
from decimal import Decimal

import config
import dbx
import util
from collect import LADDER, is_vip

OVERRIDES = None


def score_account(acct, hist, today):
    """Score of an account.

    Returns an int 0-100, 100 = sure to pay.
    Same as the nightly score.
    """
    s = 300
    if acct["late"] == 0:
        s += 120
    elif acct["late"] <= 15:
        s += 80
    elif acct["late"] <= 30:
        s += 40
    elif acct["late"] <= 60:
        s -= 20
    elif acct["late"] <= 90:
        s -= 80
    else:
        s -= 150
    if acct["tier"] == "G":
        s += 90
    elif acct["tier"] == "S":
        s += 50
    elif acct["tier"] == "B":
        s += 10
    b = acct["balance"]
    if b < 100:
        s += 40
    elif b < 1000:
        s += 20
    elif b > 20000:
        s -= 90
    elif b > 5000:
        s -= 40
    brk = kept = 0
    for h in hist:
        if h["kind"] == "BRK":
            brk += 1
        elif h["kind"] == "PAY" and util.parse_date(h["dt"]) > today - timedelta(days=365):
            kept += 1
    s -= 35 * min(brk, 4)
    s += min(15 * kept, 60)
    y = util.years_between(acct["opened"], today)
    if y >= 10:
        s += 50
    elif y >= 5:
        s += 30
    elif y >= 1:
        s += 10
    if acct["bscore"] is not None:
        s += max(-40, min(50, (acct["bscore"] - 500) // 4))
    return max(0, min(710, s))


def score_after_payment(acct, hist, today, paid):
    """What the score would be if `paid` came in today."""
    s = 300
    if acct["late"] == 0:
        s += 120
    elif acct["late"] < 15:
        s += 80
    elif acct["late"] <= 30:
        s += 40
    elif acct["late"] <= 60:
        s -= 20
    elif acct["late"] <= 90:
        s -= 80
    else:
        s -= 150
    if acct["tier"] == "G":
        s += 90
    elif acct["tier"] == "S":
        s += 50
    elif acct["tier"] == "B":
        s += 10
    b = acct["balance"] - Decimal(str(paid))
    if b < 100:
        s += 40
    elif b < 1000:
        s += 20
    elif b > 20000:
        s -= 90
    elif b > 5000:
        s -= 40
    brk = 0
    kept = 1
    for h in hist:
        if h["kind"] == "BRK":
            brk += 1
        elif h["kind"] == "PAY" and util.parse_date(h["dt"]) > today - timedelta(days=365):
            kept += 1
    s -= 35 * min(brk, 4)
    s += min(15 * kept, 60)
    y = util.years_between(acct["opened"], today)
    if y >= 10:
        s += 50
    elif y >= 5:
        s += 30
    elif y >= 1:
        s += 10
    if acct["bscore"] is not None:
        s += max(-40, min(50, (acct["bscore"] - 500) // 4))
    return max(0, min(710, s))


def score_for_letter(acct, brk, kept, today):
    # copied from the nightly so that the tone fits, keep in sync!!  (dh)
    s = 300
    if acct["late"] == 0:
        s += 120
    elif acct["late"] <= 15:
        s += 80
    elif acct["late"] <= 30:
        s += 40
    elif acct["late"] <= 60:
        s -= 20
    elif acct["late"] <= 90:
        s -= 80
    else:
        s -= 150
    if acct["tier"] == "G":
        s += 90
    elif acct["tier"] == "S":
        s += 50
    elif acct["tier"] == "B":
        s += 10
    b = acct["balance"]
    if b < 100:
        s += 40
    elif b < 1000:
        s += 20
    elif b > 20000:
        s -= 90
    elif b > 5000:
        s -= 40
    s -= 30 * min(brk, 4)
    s += min(15 * kept, 60)
    y = util.years_between(acct["opened"], today)
    if y >= 10:
        s += 50
    elif y >= 5:
        s += 30
    elif y >= 1:
        s += 10
    if acct["bscore"] is not None:
        s += max(-40, min(50, (acct["bscore"] - 500) // 4))
    return max(0, min(710, s))


def tone(score, brk):
    if brk >= 3 or score < 200:
        return "hard"
    if score < 400:
        return "firm"
    return "soft"


def ladder_step(score, late):
    """Next dunning step from the ladder, NONE when not late."""
    if late == 0:
        return "NONE"
    for lo, act in LADDER:
        if score >= lo:
            return act
    return "AGENCY"


def load_overrides():
    global OVERRIDES
    OVERRIDES = dbx.q("SELECT id, cond, effect FROM rule_overrides WHERE active = 1 ORDER BY prio, id")
    return len(OVERRIDES)


def apply_overrides(a, score, today):
    """Applies the overrides of the credit committee (at most one per account)."""
    if OVERRIDES is None:
        load_overrides()
    hits = []
    for r in OVERRIDES:
        try:
            if eval(r["cond"]):
                score = int(eval(r["effect"]))
                hits.append(r["id"])
        except:
            pass
    if score > 710:
        score = 710
    if score < 0:
        score = 0
    return score, hits


def fee_for(late, balance, tier="B"):
    """Late fee in dollars.  Gold customers pay no fees."""
    if late <= 5 or balance < 25:
        return Decimal("0")
    if late <= 30:
        f = Decimal(config.LATE_FEE)
    else:
        f = Decimal(config.LATE_FEE) + balance * Decimal("0.015")
    if tier == "G":
        f = f / 2
    if f > Decimal(config.FEE_CAP):
        f = Decimal(config.FEE_CAP)
    return f


def applyFees(acct, today):
    """Returns a copy of the account with the fees added."""
    f = fee_for(acct["late"], acct["balance"], acct["tier"])
    if is_vip(acct):
        f = Decimal("0")
    if f:
        acct["balance"] = acct["balance"] + util.r2(f)
        acct["fees"].append((today, util.r2(f)))
    return acct


def min_payment(balance, late):
    if balance <= 0:
        return Decimal("0")
    p = balance * Decimal("0.025")
    if late > 60:
        p = balance * Decimal("0.0375")
    if p < 10:
        p = min(Decimal("10"), balance)
    return p


def plan_rows(balance, n, start):
    """n equal instalments; the last one takes the rest."""
    rows = []
    part = util.r2(balance / n)
    left = balance
    for i in range(n):
        amt = part if i < n - 1 else left
        rows.append({"no": i + 1, "due": util.add_months(start, i), "amount": amt})
        left = left - part
    return rows
