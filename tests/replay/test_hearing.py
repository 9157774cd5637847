"""What people are told beside an outcome: no secrets, and no questions that depart only by their stand-ins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from legacy_seam.calls import Answer
from legacy_seam.redaction.pseudonyms import Pseudonyms
from legacy_seam.replay import Replayed

OF_THE_STORE = Pseudonyms(b"of the store").of_email("ann@example.org")
MODULE = """
    import smtplib
    def remind(name, days):
        with smtplib.SMTP("localhost") as server:
            server.sendmail("us", name + "@example.org", days)
"""


def sent(program: Any, text: str, days: str) -> Replayed:
    program.write(shop=MODULE)
    answers = (
        Answer("smtplib:SMTP('localhost')", "returned", "*SMTP_1", "shop.py:4", {"SMTP_1": "smtplib:SMTP"}),
        Answer(f"SMTP_1.sendmail('us', {OF_THE_STORE!r}, '{text}')", "returned", "{}", "shop.py:5", {}),
    )
    call = replace(program.call("shop:remind", name="'ann'", days=days), answers=answers)
    replayed: Replayed
    (replayed,) = program.replay(call)
    assert replayed.outcome is not None
    return replayed


def test_a_secret_that_goes_by_another_name_in_the_recording_is_no_other_question(program: Any) -> None:
    assert sent(program, "late", days="'late'").notes == ()


def test_another_question_is_told_without_its_secrets(program: Any) -> None:
    (note,) = sent(program, "late", days="'soon'").notes
    assert note.startswith("shop.py:5 asked SMTP_1.sendmail('us', ")
    assert "'soon'" in note
    assert "ann@" not in note
