"""Bank statements are read."""

import json

import mt940

STATEMENT = """:20:STARTUMS
:25:12345678/0123456789
:28C:00123/001
:60F:C090528EUR1234,56
:61:0905290529DR100,00N010NONREF
:86:005?00Lastschrift?10931?20Miete Mai?21Wohnung 7?3012345678?31987654321?32HAUSVERWALTUNG?33MEIER
:61:0905300530CR2500,00N051NONREF//ABC
:86:051?00Gutschrift?20LOHN 05/2009?32ACME GMBH
:61:0906010601D17,01NMSC1234567890123456//XYZ
:86:card payment
:62F:C090601EUR3617,55
-
"""


def totals(transactions):
    out = {}
    for one in transactions:
        key = one.data["status"]
        out[key] = out.get(key, 0) + one.data["amount"].amount
    return out


found = mt940.parse(STATEMENT)
print(len(found), totals(found))
for one in found:
    print(one.data["date"], one.data["amount"], one.data.get("purpose"), one.data.get("applicant_name"))
print(found.data["final_opening_balance"], found.data["final_closing_balance"])
print(len(json.dumps(found, indent=1, cls=mt940.JSONEncoder)))
other = mt940.models.Transactions(
    processors={"pre_statement": [mt940.processors.add_currency_pre_processor("USD")]}
)
other.parse(STATEMENT.replace("EUR", ""))
print(other.currency, len(other))
try:
    mt940.parse(":20:X\n:61:garbage\n")
except Exception as error:
    print(type(error).__name__)
print(mt940.models.Balance("C", mt940.models.Amount("1,50", "C", "EUR"), mt940.models.Date(2009, 5, 1)))
