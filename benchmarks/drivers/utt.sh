# Hours worked, a command at a time: said hello to, added, changed by hand, reported in all forms.
utt() { echo "\$ utt $*"; $PYTHON -m utt "$@" || echo "ended with $?"; }
utt --now "2020-06-16 08:30" hello
utt --now "2020-06-16 09:15" add "shop: orders" -c "first of the day"
utt --now "2020-06-16 10:00" add "tea **"
utt --now "2020-06-16 12:00" add "shop: returns"
utt --now "2020-06-16 12:45" add "lunch **"
utt --now "2020-06-16 14:00" add "phone ***"
utt --now "2020-06-16 17:10" add "books: payroll"
utt --now "2020-06-17 09:00" hello
utt --now "2020-06-17 11:30" add "books: payroll" --comment "half done"
utt --now "2020-06-17 12:00" stretch
utt --now "2020-06-17 12:30" report
utt --now "2020-06-17 12:30" report --no-current-activity 2020-06-16
utt --now "2020-06-17 12:30" report --from 2020-06-16 --to 2020-06-17 --details --comments
utt --now "2020-06-17 12:30" report --from monday --per-day
utt --now "2020-06-17 12:30" report --week this --project shop
utt --now "2020-06-17 12:30" report --month 2020-06 --csv-section per-day
utt --now "2020-06-17 12:30" report --month prev --csv-section per-task
utt --now "2020-06-17 12:30" report yesterday --current-activity "books: taxes"
utt --now "2020-06-17 13:30" config
utt --now "2020-06-17 13:30" config --filename
utt --now "2020-06-16 01:00" hello
utt --now "2020-06-17 13:30" add ""
utt report nonsense
utt
