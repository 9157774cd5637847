"""A crontab in a file: read, changed, written, asked when it runs next."""

from pathlib import Path

from crontab import CronSlices, CronTab

Path("tab").write_text(
    "# nightly jobs\nMAILTO=ann\n*/5 * * * * backup --all # keep\n@daily report\n0 3 1-7 * MON clean\n#1 2 * * * off\n"
)
tab = CronTab(tabfile="tab")
for job in tab:
    print(
        repr(job),
        job.command,
        job.comment,
        job.is_enabled(),
        job.is_valid(),
        job.frequency(),
        job.frequency_per_day(),
    )
new = tab.new(command="echo hello", comment="greet")
new.minute.every(15)
new.hour.during(8, 17).every(3)
new.dow.on("MON", "FRI")
new.month.also.on(3)
print(new, new.is_enabled())
other = tab.new(command="weekly thing")
other.setall("0 6 * * 0")
other.enable(False)
print(other.render(), CronSlices.is_valid("61 * * * *"), CronSlices("@hourly"), other.every().month() or other)
print([str(job) for job in tab.find_command("backup")], [str(job) for job in tab.find_comment("greet")])
print([str(job) for job in tab.find_time("*/5 * * * *")], sorted(tab.env))
tab.env["SHELL"] = "/bin/sh"
tab.remove_all(comment="keep")
tab.write()
print(Path("tab").read_text())
for job in CronTab(tab="0 12 * * * lunch\n30 4 * * 1 early # x\n"):
    print(job.slices.clean_render(), job.hour, job.minute.parts, list(job.dow))
for wrong in ("99 * * * *", "a b", "* * * * * * * *"):
    try:
        tab.new(command="x").setall(wrong)
    except Exception as error:
        print(type(error).__name__, error)
print(len(tab), tab.render()[:200])
