"""Parse and re-write a small QIF file."""

import io

from qifparse.parser import QifParser

QIF = """!Type:Bank
D01/02/2013
T-379.00
PCity of Springfield
MWater bill
LUtilities
^
D28/02/2013
T1,200.50
PEmployer
LSalary
^
D31/02/2013
T-12.5
PBroken date
^
"""

for text in (
    QIF.replace("D31/02/2013\nT-12.5\nPBroken date\n^\n", ""),
    "!Type:Cat\nNFood\nDEat\nE\n^\nNSalary\nI\n^\n",
    QIF,
):
    try:
        qif = QifParser.parse(io.StringIO(text), "%d/%m/%Y")
        for account in qif.get_accounts():
            for transactions in account.get_transactions():
                for transaction in transactions:
                    print(transaction.date, transaction.amount, transaction.payee, transaction.category)
        print([c.name for c in qif.get_categories()])
        print(qif)
    except Exception as error:
        print(type(error).__name__, error)
