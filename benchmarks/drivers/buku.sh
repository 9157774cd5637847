# Bookmarks in a database: kept, found, changed, tagged, exported, imported, deleted, as from a terminal.
XDG_DATA_HOME=data
export XDG_DATA_HOME
buku() { echo "\$ buku $*"; $PYTHON -m buku --nostdin --nc --np "$@" </dev/null || echo "ended with $?"; }
buku --offline -a https://example.org/orders shop,work --title "Orders & more" -c "all of them"
buku --offline -a https://example.org/invoices shop,money --title Invoices
buku --offline -a http://example.com/news?id=2 reading --title "News of the day" --immutable 1
buku --offline -a https://example.net/garden --title "" 
buku --offline -a https://example.org/orders again
buku -p
buku -p 1-2 -f 4
buku -p -1 -j
buku -s orders news
buku -S shop money --deep
buku -r '^https://.*org'
buku -t shop
buku -t "shop + money"
buku -t
buku --offline -u 2 --tag + late --title "Old invoices" -c "paid"
buku --offline -u 1 --tag - work
buku -u 4 --immutable 1
buku --replace late overdue
buku --swap 1 3
buku -s example --markers ':org' --order -title
buku -x news -s example -n 1
buku -p --order url
buku -e books.html
buku -e books.md -s example
buku -e books.org
buku -e books.xbel
buku -e books.rss
printf 'y\n' | $PYTHON -m buku --nc --np -d 4
buku -p
printf '%s\n' '- [Bread](https://bread.example/) <!-- TAGS: food -->' '- [Tea](https://tea.example/)' > more.md
buku --tacit -i more.md
printf '%s\n' '* [[https://soup.example/][Soup]] :food:warm:' > more.org
buku --tacit -i more.org
buku -p 99
buku -p a-b
buku -v
