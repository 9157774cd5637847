"""A workbook with formulas, styles and charts is written, read again, changed and read as a stream."""

import datetime
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

book = Workbook()
sheet = book.active
sheet.title = "Orders"
sheet.append(["item", "count", "price", "date", "total"])
for number, name in enumerate(("Hammer", "Nails", "Café"), 2):
    sheet.append([name, number, Decimal("1.25") * number, datetime.date(2020, 2, number), f"=B{number}*C{number}"])
sheet["A1"].font = Font(bold=True, color="FF0000")
sheet["B1"].fill = PatternFill("solid", fgColor="DDDDDD")
sheet["C1"].border = Border(top=Side("thin"))
sheet["D1"].alignment = Alignment(horizontal="center")
sheet["D2"].number_format = "YYYY-MM-DD"
sheet["A2"].comment = Comment("a tool", "Ann")
sheet["A2"].hyperlink = "https://example.org"
sheet.merge_cells("A6:B7")
sheet["A6"] = "merged"
sheet.freeze_panes = "A2"
sheet.column_dimensions["A"].width = 22
sheet.row_dimensions[1].height = 20
sheet.auto_filter.ref = "A1:E4"
choice = DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
choice.add("F2")
sheet.add_data_validation(choice)
chart = BarChart()
chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=4), titles_from_data=True)
sheet.add_chart(chart, "G2")
other = book.create_sheet("Notes", 0)
other["B2"] = "see Orders"
other["B3"] = True
other["B4"] = None
copied = book.copy_worksheet(sheet)
copied.title = "Copy"
book.save("orders.xlsx")
again = load_workbook("orders.xlsx")
print(again.sheetnames, again["Orders"].dimensions, again["Orders"]["A2"].comment.text)
for row in again["Orders"].iter_rows(min_row=1, max_row=4, values_only=True):
    print(row)
orders = again["Orders"]
print(orders["A1"].font.b, orders["D2"].number_format, orders["D2"].is_date, orders.merged_cells.ranges)
orders.insert_rows(2)
orders.delete_cols(2)
orders.move_range("A4:B5", rows=1)
orders.unmerge_cells("A6:B7")
print([cell.value for cell in orders["A"]], orders.max_row, orders.max_column)
again.remove(again["Copy"])
again.save("changed.xlsx")
stream = load_workbook("changed.xlsx", read_only=True, data_only=True)
print([[cell.value for cell in row] for row in stream["Orders"].rows][:3])
stream.close()
written = Workbook(write_only=True)
lines = written.create_sheet()
for number in range(3):
    lines.append([number, f"line {number}"])
written.save("lines.xlsx")
print(get_column_letter(703), column_index_from_string("AAA"), load_workbook("lines.xlsx").active["B3"].value)
try:
    sheet["A0"]
except ValueError as error:
    print(error)
