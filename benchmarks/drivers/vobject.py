"""Calendars and cards: read from files, made, repeated, checked, written."""

from datetime import date, datetime, timedelta
from pathlib import Path

import vobject
from dateutil.rrule import WEEKLY, rrule, rruleset
from vobject.icalendar import utc

Path("ann.vcf").write_text(
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Smith\r\nN:Smith;Ann;;Dr;\r\nORG:Books;Sales\r\nEMAIL;TYPE=INTERNET,WORK:ann@example.com\r\n"
    "ADR;TYPE=HOME:;;1 High St;Dublin;;D01;Ireland\r\nNOTE:A long note that is folded because it goes on and on\r\n  and on\r\n"
    "BDAY:1980-02-29\r\nEND:VCARD\r\n"
)
with open("ann.vcf") as file:
    card = vobject.readOne(file)
card.prettyPrint()
print(card.n.value, card.email.type_paramlist, card.adr.value.city, sorted(card.contents))
bob = vobject.vCard()
bob.add("n").value = vobject.vcard.Name(family="Jones", given="Bob")
bob.add("fn").value = "Bob Jones"
bob.add("email").value = "bob@example.com"
bob.add("org").value = ["Shop"]
print(bob.serialize())
calendar = vobject.iCalendar()
event = calendar.add("vevent")
event.add("uid").value = "1@example.com"
event.add("summary").value = "Meeting, every week; with \\ and a newline\nhere"
event.add("dtstart").value = datetime(2020, 6, 16, 9, 30, tzinfo=utc)
event.add("dtend").value = datetime(2020, 6, 16, 10, 0, tzinfo=utc)
event.add("exdate").value = [datetime(2020, 6, 23, 9, 30, tzinfo=utc)]
weekly = rruleset()
weekly.rrule(rrule(WEEKLY, count=4, dtstart=datetime(2020, 6, 16, 9, 30, tzinfo=utc)))
event.rruleset = weekly
alarm = event.add("valarm")
alarm.add("trigger").value = timedelta(minutes=-15)
alarm.add("action").value = "AUDIO"
holiday = calendar.add("vevent")
holiday.add("summary").value = "Holiday"
holiday.add("dtstart").value = date(2020, 12, 25)
todo = calendar.add("vtodo")
todo.add("summary").value = "Buy milk"
text = calendar.serialize()
print(len(text), text.count("UID"), [str(one)[:10] for one in event.rruleset][:3])
Path("calendar.ics").write_text(text, newline="")
for read in vobject.readComponents(Path("calendar.ics").read_text()):
    for one in read.vevent_list:
        print(one.summary.value, one.dtstart.value, one.getChildValue("dtend", "none"))
    print(read.vtodo.summary.value, read.validate(raiseException=False))
for wrong in ("BEGIN:VCARD\nFN:x\n", "BEGIN:VEVENT\nDTSTART:nonsense\nEND:VEVENT\n", "no colon"):
    try:
        found = vobject.readOne(wrong)
        print(found.transformChildrenToNative())
    except vobject.base.VObjectError as error:
        print(type(error).__name__, str(error)[:60])
print(vobject.icalendar.stringToPeriod("20200616T090000Z/PT1H"), vobject.icalendar.stringToDurations("P1DT2H")[0])
copy = vobject.vCard()
copy.copy(card)
print(copy.fn.value, copy == card)
