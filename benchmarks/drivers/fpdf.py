"""An invoice of two pages, a picture and a form from a template, written as PDF."""

import struct
import zlib
from pathlib import Path

from fpdf import FPDF, HTMLMixin, Template
from fpdf.html import HTML2FPDF


def picture(path, side=8):
    rows = b"".join(
        b"\0" + bytes((x * 30 % 256, y * 30 % 256, 99)[n] for x in range(side) for n in range(3))
        for y in range(side)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    Path(path).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


class Invoice(FPDF):
    def header(self):
        self.set_font("Arial", "B", 15)
        self.cell(80)
        self.cell(30, 10, "Invoice", 1, 0, "C")
        self.image("logo.png", 10, 8, 12)
        self.ln(20)

    def footer(self):
        self.set_y(-15)
        self.set_font("Arial", "I", 8)
        self.cell(0, 10, f"Page {self.page_no()}/{{nb}}", 0, 0, "C")


class Page(FPDF, HTMLMixin):
    pass


ITEMS = [("Hammer", 2, 9.5), ("Nails (box)", 10, 1.25), ("Caf\xe9 table", 1, 120.0)]
picture("logo.png")
pdf = Invoice()
pdf.alias_nb_pages()
pdf.add_page()
pdf.set_title("Invoice 17")
pdf.set_author("Ann")
pdf.set_font("Times", "", 12)
link = pdf.add_link()
pdf.write(5, "See the total", link)
pdf.ln()
for name, count, price in ITEMS * 12:
    pdf.cell(90, 8, name, border=1)
    pdf.cell(30, 8, str(count), border=1, align="R")
    pdf.cell(40, 8, f"{count * price:.2f}", border=1, ln=1, align="R")
pdf.set_fill_color(220, 220, 255)
pdf.set_text_color(200, 0, 0)
pdf.set_draw_color(0, 90, 0)
pdf.set_line_width(0.6)
pdf.set_link(link)
pdf.multi_cell(0, 6, "Payable within thirty days, " * 9 + "\nthank you.", border="LB", align="J", fill=True)
pdf.line(10, 250, 200, 250)
pdf.rect(20, 252, 30, 10, "DF")
pdf.ellipse(60, 252, 20, 10)
pdf.dashed_line(90, 255, 190, 255, 3, 2)
pdf.rotate(30, 100, 100)
pdf.text(100, 100, "PAID")
pdf.rotate(0)
pdf.code39("*FPDF*", 30, 200, w=4, h=20)
pdf.interleaved2of5("1234", 30, 230)
pdf.output("invoice.pdf")
print(pdf.page_no(), round(pdf.get_string_width("Total due"), 2), len(pdf.output(dest="S")) > 2000)
page = Page()
page.add_page()
MARKUP = (
    "<h1>Prices</h1><p>All <b>prices</b> in <i>euro</i>, see <a href='https://example.org'>here</a>.</p>"
    "<ul><li>one</li><li>two</li></ul><table border='1'><thead><tr><th width='50%'>Item</th><th width='50%'>Price</th>"
    "</tr></thead><tbody><tr><td>Hammer</td><td>9.50</td></tr></tbody></table>"
)
try:
    page.write_html(MARKUP)
except AttributeError as error:
    print("not with this Python:", error)
HTML2FPDF(page).feed(MARKUP)
page.output("prices.pdf")
elements = [
    {
        "name": "box",
        "type": "B",
        "x1": 15,
        "y1": 15,
        "x2": 185,
        "y2": 260,
        "font": "Arial",
        "size": 0,
        "bold": 0,
        "italic": 0,
        "underline": 0,
        "foreground": 0,
        "background": 0,
        "align": "I",
        "text": None,
        "priority": 0,
    },
    {
        "name": "who",
        "type": "T",
        "x1": 17,
        "y1": 32.5,
        "x2": 115,
        "y2": 37.5,
        "font": "Arial",
        "size": 12,
        "bold": 1,
        "italic": 0,
        "underline": 0,
        "foreground": 0,
        "background": 0,
        "align": "I",
        "text": "",
        "priority": 2,
    },
    {
        "name": "line",
        "type": "L",
        "x1": 100,
        "y1": 25,
        "x2": 100,
        "y2": 57,
        "font": "Arial",
        "size": 0,
        "bold": 0,
        "italic": 0,
        "underline": 0,
        "foreground": 0,
        "background": 0,
        "align": "I",
        "text": None,
        "priority": 3,
    },
]
form = Template(format="A4", elements=elements, title="Sample")
form.add_page()
form["who"] = "Sample Company"
form.render("form.pdf")
for path in ("invoice.pdf", "prices.pdf", "form.pdf"):
    print(path, Path(path).read_bytes()[:8])
try:
    FPDF().cell(10, 10, "no font")
except RuntimeError as error:
    print(error)
