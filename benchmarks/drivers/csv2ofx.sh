# Statements of accounts, from CSV to OFX and QIF, with mappings, ranges, split transactions and what is wrong.
csv2ofx() { echo "\$ csv2ofx $*"; $PYTHON -m csv2ofx "$@" || echo "ended with $?"; }
cat > default.csv <<'C'
Row,Account,Date,Amount,Reference,Description,Notes,Num
1,Checking,06/12/10,"1,000.00",ref 1,Salary,june,
2,Checking,06/13/10,-12.50,ref 2,Café,,101
3,Savings,06/15/10,250,ref 3,Transfer,,102
C
cat > mint.csv <<'C'
Date,Description,Original Description,Amount,Transaction Type,Category,Account Name,Labels,Notes
3/01/2020,Rent,RENT 1,800.00,debit,Home,Checking,,
3/04/2020,Pay,ACME,2400.10,credit,Income,Checking,,monthly
3/09/2020,Shoes,SHOES & CO,59.99,debit,Clothes,Card,,
C
cat > xero.csv <<'C'
AccountCode,JournalDate,JournalNumber,NetAmount,Description,Reference,AccountName
100,2020-06-16,1,100.00,Sale,S1,Bank
400,2020-06-16,1,-100.00,Sale,S1,Income
100,2020-06-17,2,-20.00,Tea,S2,Bank
410,2020-06-17,2,20.00,Tea,S2,Expenses
C
cat > own.py <<'C'
mapping = {
    "has_header": True, "bank": "Own", "currency": "EUR", "delimiter": ",", "account": "fixed",
    "date": lambda row: row["Date"], "amount": lambda row: row["Amount"], "desc": lambda row: row["Description"].upper(),
}
C
csv2ofx -e 2020-12-31 default.csv
csv2ofx -e 2020-12-31 -q default.csv
csv2ofx -e 2020-12-31 -M -B 10 -a SAVINGS default.csv out.ofx
cat out.ofx
csv2ofx -e 2020-12-31 -q -o default.csv out.qif
cat out.qif
csv2ofx -e 2010-06-14 -s 2010-06-13 default.csv
csv2ofx -e 2020-12-31 -B 1000 -l DEU default.csv
csv2ofx -e 2020-12-31 -m mint mint.csv
csv2ofx -e 2020-12-31 -q -m mint mint.csv
csv2ofx -e 2020-12-31 -m xero -c JournalNumber xero.csv
csv2ofx -e 2020-12-31 -q -m xero -c JournalNumber xero.csv
csv2ofx -e 2020-12-31 -R 2 default.csv
csv2ofx -y -e 2020-12-31 default.csv
csv2ofx -L
csv2ofx -e 2020-12-31 -x own.py < default.csv
csv2ofx -e 2020-12-31 -m mint < mint.csv
csv2ofx nowhere.csv
csv2ofx -m nothing default.csv
