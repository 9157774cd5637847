#!/usr/bin/env python3
# collect.py -- nightly collections run
#
#  2009-03 pk   created
#  2012-08 mw   plans, direct debit
#  2015-01 mw   letter test A/B
#  2016-11 dh   courtesy calls (HAL-212), overrides (HAL-230)
#  2019-05 dh   python 3
#  2022-02 ext  committee wants the watch list, see mail
import sys

if __name__ == "__main__":
    # HAL-233  pickle does not like __main__
    import collect
    sys.exit(collect.main(sys.argv[1:]))

import logging
import os
import random
import time
from datetime import date, datetime, timedelta
from decimal import Decimal

import config
import util
import dbx

LADDER = [(580, "REMIND"), (430, "LETTER1"), (300, "LETTER2"), (150, "CALL")]
VIPS = ["H000007", "H000042", "H000101"]
WATCH_DIFF = 40
last_result = None


def is_vip(acct):
    """Board members' and staff accounts."""
    if acct["no"] in VIPS:
        return True
    return acct["balance"] > 50000 and acct["tier"] == "G"


from rules import (score_account, score_after_payment, score_for_letter, tone, ladder_step,
                   load_overrides, apply_overrides, applyFees, min_payment, plan_rows)
import bureau
import letters
import report


def parse_payment(line):
    """fixed width: account 7, date 8, amount in cents 9, type 1.
    Raises ValueError for a bad line."""
    line = line.rstrip("\n")
    if len(line) < 25:
        return None
    try:
        return line[:7], util.parse_date(line[7:15]), Decimal(line[15:24]) / 100, line[24]
    except:
        return None


def book_payment(p):
    no, d, amt, typ = p
    if typ == "R":              # returned debit
        amt = -amt
    bal = dbx.q1("SELECT balance FROM accounts WHERE acct_no = ?", (no,))
    if bal is None:
        util.log("payment for unknown account " + no, "w")
        return False
    bal = float(util.r2(Decimal(str(bal)) - amt))
    dbx.ex("UPDATE accounts SET balance = ?, last_paid = ? WHERE acct_no = ?", bal, d and d.isoformat(), no)
    dbx.conn.execute("INSERT INTO hist (acct_no, dt, kind, amount) VALUES (?, ?, ?, ?)",
                     (no, d and d.isoformat(), "PAY" if amt > 0 else "RET", float(amt)))
    return True


def load_payments():
    """Books the payment files, oldest first.  Returns the number of files."""
    n = 0
    for fn in os.listdir(config.IN):
        if not fn.startswith("pay") or not fn.endswith(".txt"):
            continue
        path = os.path.join(config.IN, fn)
        for line in open(path):
            p = parse_payment(line)
            if p is None:
                util.bump("bad payment lines")
                continue
            if book_payment(p):
                n += 1
        os.rename(path, path + ".done")
    dbx.conn.commit()
    return n


def call_slot(acct, day):
    """Evening slot for private customers, morning for companies."""
    n = acct["name"]
    if n.endswith(" INC") or n.endswith(" LLC") or n.startswith("CITY OF"):
        return "09-12"
    if day.weekday() == 4:
        return "14-16"
    return "17-20"


def run_nightly(limit=None, dry_run=False, verbose=0, run_date=date.today()):
    """Runs the nightly cycle over all open accounts.

    Every account is scored (0-100), the late ones get fees and the next
    step of the ladder.  With dry_run nothing is written.  Can be started
    again after a crash, accounts already done are skipped.

    Returns the number of letters.
    """
    global last_result
    t0 = time.time()
    today = util.TODAY
    items = []
    debits = []
    calls = []
    watch = []
    tot = report.new_totals()
    n = 0
    x = None
    tmp = None
    flag = 0

    random.seed(today.toordinal())

    run_id = dbx.ex("INSERT INTO runs (started, host) VALUES (CURRENT_TIMESTAMP, ?)", config.ENV)
    util.log(f"run {run_id} started for {today}")

    # input files
    n = load_payments()
    util.log("%d payments booked" % n)
    x = bureau.load_cache()
    x = x + bureau.load_file()
    util.log(f"{x} bureau replies")
    n = load_overrides()
    util.log(f"{n} overrides")

    rows = dbx.q("SELECT * FROM accounts WHERE status <> 'C' ORDER BY acct_no")
    if limit:
        rows = rows[:limit]
    n = 0

    for row in rows:
        n = n + 1
        util.progress(n, len(rows))
        acct = dbx.load_account(row)
        acct["late"] = util.days_late(acct["due_y"], acct["due_m"], acct["due_d"])
        hist = dbx.history(acct["no"])
        bureau.get_score(acct)

        # ---- score -------------------------------------------------
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
        # tier
        if acct["tier"] == "G":
            s += 90
        elif acct["tier"] == "S":
            s += 50
        elif acct["tier"] == "B":
            s += 10
        # balance
        x = acct["balance"]
        if x < 100:
            s += 40
        elif x < 1000:
            s += 20
        elif x > 20000:
            s -= 90
        elif x > 5000:
            s -= 40
        # history
        brk = 0
        kept = 0
        for h in hist:
            if h["kind"] == "BRK":
                brk += 1
            elif h["kind"] == "PAY":
                d = util.parse_date(h["dt"])
                if d > today - timedelta(days=365):
                    kept += 1
            # elif h["kind"] == "CAL":
            #     calls.append(h)        # mw 2013, doubled the list
        s -= 35 * min(brk, 4)
        x = 15 * kept
        if x > 60:
            x = 60
        s += x
        # how long with us
        x = util.years_between(acct["opened"], today)
        if x >= 10:
            s += 50
        elif x >= 5:
            s += 30
        elif x >= 1:
            s += 10
        # bureau
        if acct["bscore"] is not None:
            x = (acct["bscore"] - 500) // 4
            if x > 50:
                x = 50
            if x < -40:
                x = -40
            s += x
        # if config.USE_NEW_SCORE:
        #     s = newscore.score(acct, hist)
        if s < 0:
            s = 0
        if s > 710:
            s = 710
        raw = s

        if verbose > 1:
            print()
            print("  ", acct["no"], acct["tier"], acct["late"], "->", s)

        # ---- credit committee (HAL-230) ----------------------------
        s, x = apply_overrides(acct, s, today)
        if x:
            util.bump("overrides", len(x))
            util.log("%s: overrides %s, %d -> %d" % (acct["no"], x, raw, s), "d")

        # ---- smoothing HAL-77: customers complained about jumps
        if acct["oldscore"] is not None:
            x = s - acct["oldscore"]
            if x > 200:
                s = acct["oldscore"] + 200
                util.bump("smoothed")
            elif x < -200:
                s = acct["oldscore"] - 200
                util.bump("smoothed")

        # ---- fees --------------------------------------------------
        x = acct["balance"]
        if acct["disputed"] and acct["late"] > 30:
            pass                        # legal: no fees on disputed, mail 2014-06-03
        elif row["status"] == "N":
            pass                        # new, first month free
        else:
            acct = applyFees(acct, today)
        if acct["balance"] != x:
            util.bump("fees")
            tmp = acct["balance"] - x
            if tmp > 50:
                util.log(f"{acct['no']} high fee {tmp}")
        else:
            tmp = Decimal("0")

        # ---- regions -----------------------------------------------
        if acct["region"] == "HH" and s < 580:
            s = 580
        if acct["region"] in ("PR", "GU"):
            # no letters overseas since 2017, they come back
            flag = 1
        else:
            flag = 0

        # ---- payments and plans ------------------------------------
        amt = min_payment(acct["balance"], acct["late"])
        plan = None
        if acct["late"] > 60 and acct["balance"] > 500:
            k = 6
            if acct["balance"] > 5000:
                k = 12
            if acct["balance"] > 20000:
                k = 24
            d = util.next_bizday(today, 10)
            try:
                plan = plan_rows(acct["balance"], k, d)
            except:
                logging.exception(f"no plan for {acct['no']}")
                plan = None
            if plan and plan[0]["amount"] < 25:
                plan = None
        elif acct["late"] > 30 and acct["balance"] > 2000:
            plan = plan_rows(acct["balance"], 3, util.next_bizday(today, 10))

        # ---- promises ----------------------------------------------
        x = dbx.promise_count(acct["no"], today - timedelta(days=90))
        if x >= 2:
            plan = None                 # no plans for those
            util.bump("no plan")
        # whole year for the tone of the letter
        x = dbx.promise_count(acct["no"], today - timedelta(days=365))
        k = dbx.promise_count(acct["no"], today - timedelta(days=365), "PAY")
        tmp = score_for_letter(acct, x, k, today)
        tn = tone(tmp, x)

        # ---- watch list (committee) --------------------------------
        if acct["balance"] > 5000 and acct["late"] > 0:
            res = dbx.q("SELECT dt, kind, amount FROM hist WHERE acct_no = ?", (acct["no"],))
            tmp = score_account(acct, res, today)
            k = score_after_payment(acct, res, today, amt)
            if k - tmp > WATCH_DIFF or abs(tmp - raw) > WATCH_DIFF:
                watch.append((acct["no"], tmp, k))
                if verbose:
                    print("\n   watch", acct["no"], tmp, k)
            # if k < 0: raise "negative score"

        # ---- courtesy calls HAL-212: 5 % of the good ones ----------
        courtesy = False
        if acct["late"] == 0:
            if random.random() < config.COURTESY_RATE:
                courtesy = True
                util.bump("courtesy")
        # sms instead?
        # if config.SEND_SMS and courtesy:
        #     sms.send(acct["phone"], "Thank you for being our customer")

        # ---- next step ---------------------------------------------
        action = ladder_step(s, acct["late"])
        if acct["late"] > 0 and acct["late"] <= 3:
            action = "NONE"             # grace
        if acct["balance"] <= 0:
            action = "NONE"
            if acct["balance"] < -10:
                util.bump("credit balances")
                action = "REFUND"
        if action == "REMIND" and row["action"] == "REMIND":
            # had one already
            if acct["late"] > 20:
                action = "LETTER1"
        elif action == "LETTER1" and row["action"] == "LETTER1":
            if acct["late"] > 45:
                action = "LETTER2"
        elif action == "LETTER2" and row["action"] == "LETTER2":
            if acct["late"] > 60:
                action = "CALL"
        elif action == "CALL":
            if not acct["phone"]:
                action = "LETTER2"
        if action == "AGENCY":
            if acct["balance"] < 250:
                action = "LETTER2"      # not worth it
            if is_vip(acct):
                action = "CALL"
            if acct["late"] < 90:
                action = "CALL"
        if is_vip(acct) and action in ("LETTER2", "CALL"):
            action = "LETTER1"
        if courtesy and action == "NONE":
            action = "THANK"
        if flag and action in ("REMIND", "LETTER1", "LETTER2"):
            action = "CALL"
            if not acct["phone"]:
                action = "NONE"

        # ---- direct debit ------------------------------------------
        line = ""
        if acct["dd"] and acct["balance"] > 0:
            k = amt
            if acct["late"] == 0:
                # regular instalment on the due day only
                if acct["due_d"] == today.day or config.ENV == "test":
                    debits.append([acct["no"], acct["name"], k])
                    line = "DD"
            elif acct["late"] < 90:
                if s >= 300:
                    debits.append([acct["no"], acct["name"], k])
                    line = "DD"
                elif acct["balance"] < 1000:
                    k = acct["balance"] + Decimal(config.DD_FEE)
                    debits.append([acct["no"], acct["name"], k])
                    line = "DD*"
            if line and action in ("REMIND", "LETTER1"):
                action = "DEBIT"        # money comes anyway
            if line:
                util.bump("debits")

        # ---- letter ------------------------------------------------
        ltr = None
        if action in ("REMIND", "LETTER1", "LETTER2", "AGENCY"):
            d = letters.last_contact(hist)
            if action == "REMIND":
                plan = None
                tn = "soft"
            elif action == "AGENCY":
                tn = "hard"
            try:
                ltr = letters.build(acct, action, tn, amt, today, d, plan)
            except Exception as e:
                logging.exception(f"letter for {acct['no']} failed: {e}")
                util.ERRS.append(acct["no"])
                ltr = None
            if ltr is None:
                action = "CALL"
        elif action == "CALL":
            x = call_slot(acct, util.next_bizday(today))
            line = x + " " + util.fmt_phone(acct["phone"])
            calls.append((s, acct["no"], line))
        elif action == "THANK":
            line = util.fmt_phone(acct["phone"])
        elif action == "REFUND":
            line = util.money(-acct["balance"])

        # # ---- fax (removed 2014, Mrs. Tully still wants it back)
        # if action == "AGENCY" and acct["fax"]:
        #     fax.send(acct["fax"], ltr.text())
        #     time.sleep(3)

        # weekends: the print shop does not work on Sundays
        if today.weekday() == 6 and ltr is not None:
            util.bump("sunday letters")

        # ---- hold --------------------------------------------------
        if acct["disputed"]:
            action = "HOLD"
            ltr = None
            line = ""
            for k in calls:
                if k[1] == acct["no"]:
                    calls.remove(k)

        # ---- write -------------------------------------------------
        if ltr is not None:
            line = letters.write(ltr)
            util.bump("letters")
        dbx.conn.execute("UPDATE accounts SET score = ?, bscore = ?, bsrc = ?, balance = ?, action = ?,"
                         " days_late = ?, updated = CURRENT_TIMESTAMP WHERE acct_no = ?",
                         (s, acct["bscore"], acct["bsrc"], float(acct["balance"]), action, acct["late"], acct["no"]))
        if action not in ("NONE",):
            tmp = dbx.log_contact(acct["no"], action, line, s)
            if tmp.date() != today and not flag:
                util.log("past midnight", "w")
        report.add_row(tot, acct, action, s)
        items.append({"no": acct["no"], "region": acct["region"], "balance": acct["balance"], "score": s})
        if n % config.COMMIT_EVERY == 0:
            dbx.conn.commit()
            if time.time() - t0 > 3600:
                util.log(f"slow: {n} accounts", "w")

    dbx.conn.commit()
    print()
    last_result = {"run": run_id, "n": n, "tot": tot, "items": items, "debits": debits, "calls": calls,
                   "watch": watch, "secs": time.time() - t0}
    return last_result


def write_calls(calls):
    """Call list for the agents, best customers first."""
    f = open(os.path.join(config.OUT, "calls.txt"), "w")
    for s, no, line in sorted(calls):
        f.write("%s %4d %s\n" % (no, s, line))
    f.close()
    return len(calls)


def finish(res):
    today = date.today()
    fn = report.write_report(res["tot"], res["items"], today)
    print("report  ", fn)
    fn = report.write_bank(res["debits"], today)
    print("bank    ", fn, util.money(report.control_total(res["debits"])))
    print("calls   ", write_calls(res["calls"]))
    for w in res["watch"][:5]:
        print("watch    %s %d -> %d" % w)
    print("cache   ", bureau.save_cache())
    for k in sorted(util.COUNTERS):
        print("  %-20s %6d" % (k, util.COUNTERS[k]))
    n = dbx.push_notes()
    print("notes   ", n)
    dbx.ex("UPDATE runs SET finished = CURRENT_TIMESTAMP, accounts = ?, ok = 1 WHERE id = ?", res["n"], res["run"])
    util.log(f"run {res['run']} finished, {res['n']} accounts")


def parse_args(argv):
    o = {"limit": None, "dry_run": False, "verbose": 0}
    i = 0
    while i < len(argv):
        a = argv[i]
        if a == "--limit":
            i += 1
            o["limit"] = int(argv[i])
        elif a in ("-n", "--dry-run"):
            o["dry_run"] = True
        elif a == "-v":
            o["verbose"] += 1
        i += 1
    return o


def main(argv=None):
    """Entry point for cron.  Exit code 1 when the run failed."""
    rc = 1
    try:
        o = parse_args(argv or [])
        res = run_nightly(o["limit"], o["dry_run"], o["verbose"])
        finish(res)
        rc = 0
    except:
        logging.exception(f"nightly died at {datetime.now():%H:%M}")
        raise
    finally:
        dbx.close_all()
        return 0
