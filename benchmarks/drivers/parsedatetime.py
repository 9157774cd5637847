"""Dates in words are read, beside a moment that is given and beside now."""

import datetime
import time

import parsedatetime

calendar = parsedatetime.Calendar()
start = datetime.datetime(2014, 1, 29, 12, 20, 0)
for text in (
    "tomorrow",
    "in 5 minutes",
    "5 minutes ago",
    "next friday at 9pm",
    "last monday",
    "end of month",
    "eoy",
    "Aug 29, 2008 at 5:30pm",
    "29/8",
    "2008-08-29",
    "noon next week",
    "3 days from tomorrow",
    "two weeks from now",
    "1h 30m",
    "at 25:99",
    "nothing at all",
    "4/4/80",
    "friday",
    "day after tomorrow",
    "8am on aug 3rd",
    "5 hours before noon",
    "an hour ago",
):
    moment, flag = calendar.parseDT(text, sourceTime=start)
    print(text, "->", moment, flag)
for text in ("this morning", "30.06.2012"):
    print(text, calendar.parseDT(text, sourceTime=start)[1])
print(calendar.nlp("Meet me at 6pm on Friday or next week in Paris", start))
print(calendar.evalRanges("8am - 5pm", start.timetuple()))
print(calendar.evalRanges("August 29 - September 2, 2008", start.timetuple()))
print(calendar.inc(start, month=1), calendar.inc(datetime.datetime(2012, 1, 31), month=1))
moment, flag = calendar.parse("in 2 hours")
print(time.mktime(moment) > time.mktime(time.localtime()), flag)
british = parsedatetime.Constants("en_AU", usePyICU=False)
print(parsedatetime.Calendar(british).parseDT("3/4/2010", start), british.daysInMonth(2, 2012))
german = parsedatetime.Calendar(parsedatetime.Constants("de_DE", usePyICU=False))
print(german.parseDT("morgen", start), german.parseDT("3.4.2010", start))
styled = parsedatetime.Calendar(version=parsedatetime.VERSION_CONTEXT_STYLE)
moment, context = styled.parse("tuesday at 4pm", start)
print(context.hasDate, context.hasTime, context)
