"""A statement of a bank account and one of shares are read, asked and written again."""

import io
from pathlib import Path

from ofxparse import OfxParser, OfxPrinter
from ofxparse.ofxparse import OfxParserException

BANK = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20071015021529.000[-8:PST]<LANGUAGE>ENG
<FI><ORG>Bank<FID>01234</FI></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>23382938<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>987654321<ACCTID>098-121<ACCTTYPE>SAVINGS</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20070101<DTEND>20071015
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20070315<DTUSER>20070315<TRNAMT>200.00<FITID>980315001<NAME>DEPOSIT<MEMO>automatic deposit</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20070329120000<TRNAMT>-1,150.50<FITID>980310001<CHECKNUM>25<NAME>TRANSFER<MEMO>rent</STMTTRN>
<STMTTRN><TRNTYPE>POS<DTPOSTED>20070709<TRNAMT>-10,00<FITID>980309001<NAME>CORNER SHOP<SIC>5441</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>5250.00<DTASOF>20071015021529.000[-8:PST]</LEDGERBAL>
<AVAILBAL><BALAMT>5250.00<DTASOF>20071015021529.000[-8:PST]</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1>
</OFX>
"""
SHARES = (
    BANK[: BANK.index("<BANKMSGSRSV1>")]
    + """<INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<INVSTMTRS><DTASOF>20120101<CURDEF>USD<INVACCTFROM><BROKERID>broker.example<ACCTID>01234567890</INVACCTFROM>
<INVTRANLIST><DTSTART>20110101<DTEND>20120101
<BUYSTOCK><INVBUY><INVTRAN><FITID>7<DTTRADE>20110103<DTSETTLE>20110105<MEMO>buy</INVTRAN>
<SECID><UNIQUEID>744316100<UNIQUEIDTYPE>CUSIP</SECID><UNITS>100<UNITPRICE>10.5<COMMISSION>5<FEES>1<TOTAL>-1056
</INVBUY><BUYTYPE>BUY</BUYSTOCK>
<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20110120<TRNAMT>20<FITID>9<NAME>INTEREST</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>
</INVTRANLIST>
<INVPOSLIST><POSSTOCK><INVPOS><SECID><UNIQUEID>744316100<UNIQUEIDTYPE>CUSIP</SECID><HELDINACCT>CASH<POSTYPE>LONG
<UNITS>100<UNITPRICE>11<MKTVAL>1100<DTPRICEASOF>20120101</INVPOS></POSSTOCK></INVPOSLIST>
<INVBAL><AVAILCASH>73.21<MARGINBALANCE>0<SHORTBALANCE>0</INVBAL></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>
<SECLISTMSGSRSV1><SECLIST><STOCKINFO><SECINFO><SECID><UNIQUEID>744316100<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>Prudential
<TICKER>PRU<MEMO>shares</SECINFO></STOCKINFO></SECLIST></SECLISTMSGSRSV1></OFX>
"""
)
Path("bank.ofx").write_text(BANK)
Path("shares.ofx").write_text(SHARES)
for name in ("bank.ofx", "shares.ofx"):
    with open(name, "rb") as file:
        ofx = OfxParser.parse(file)
    account = ofx.account
    print(account.account_id, account.routing_number, account.account_type, account.institution.organization)
    statement = account.statement
    print(statement.start_date, statement.end_date, getattr(statement, "balance", None), ofx.headers.get("VERSION"))
    for one in statement.transactions:
        print(type(one).__name__, one.id, getattr(one, "amount", None), getattr(one, "date", None), one)
    for one in getattr(statement, "positions", ()):
        print(one.security, one.units, one.unit_price, one.date)
    for one in getattr(ofx, "security_list", ()):
        print(one.uniqueid, one.name, one.ticker)
    try:
        OfxPrinter(ofx, "again-" + name).write(tabs=1)
        print(len(Path("again-" + name).read_text()))
    except AttributeError as error:
        print("not written:", error)
for bad in (
    BANK.replace("<TRNAMT>200.00", "<TRNAMT>lots"),
    BANK.replace("20070315<DTUSER>", "soon<DTUSER>"),
    "",
    "rubbish",
):
    try:
        ofx = OfxParser.parse(io.BytesIO(bad.encode()), fail_fast=bool(bad))
        print(type(ofx).__name__, getattr(ofx, "accounts", None) and len(ofx.accounts))
    except (OfxParserException, ValueError) as error:
        print(type(error).__name__, error)
lenient = OfxParser.parse(io.BytesIO(BANK.replace("<TRNAMT>200.00", "<TRNAMT>lots").encode()), fail_fast=False)
print([entry["error"] for entry in lenient.account.statement.discarded_entries])
