"""Jobs at times, run at once, cancelled, described."""

import datetime

import schedule


def report(name="nobody"):
    print("report for", name)


def once():
    print("only once")
    return schedule.CancelJob


schedule.every(10).minutes.do(report)
schedule.every().hour.do(report, "Ann").tag("hourly", "people")
schedule.every().day.at("10:30").do(report, name="Bob").tag("daily")
schedule.every().monday.do(once)
schedule.every().wednesday.at("13:15").do(report)
schedule.every(5).to(10).days.do(once).tag("rare")
schedule.every().minute.at(":17").do(report)
schedule.every().day.until(datetime.timedelta(days=3)).do(report, "late")
for job in schedule.get_jobs():
    print(job.unit, job.interval, job.at_time, sorted(job.tags), job.next_run > datetime.datetime.now())
print(len(schedule.get_jobs("hourly")), schedule.idle_seconds() > 0, schedule.next_run() is not None)
schedule.run_pending()
schedule.run_all(delay_seconds=0)
for wrong in (
    lambda: schedule.every(2).day,
    lambda: schedule.every().day.at("25:00"),
    lambda: schedule.every().do(1),
):
    try:
        wrong()
    except Exception as error:
        print(type(error).__name__, error)
schedule.cancel_job(schedule.get_jobs()[0])
schedule.clear("daily")
print(len(schedule.jobs))
